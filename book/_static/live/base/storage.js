/**
 * Reads and writes the book's entries in the browser's localStorage. Their keys share a
 * prefix, and errors are returned, not thrown.
 */

const PREFIX = "tinytorch:";

/**
 * Return the browser's storage. Never throws.
 *
 * @param {() => Storage} open returns the storage, or throws if it is blocked
 * @returns {Storage} for a blocked storage a stand-in whose methods throw what `open`
 *   threw; the functions below catch that error
 */
export function openStorage(open = () => window.localStorage) {
  try {
    return open();
  } catch (error) {
    const fail = () => {
      throw error;
    };
    return {
      get length() {
        return fail();
      },
      key: fail,
      getItem: fail,
      setItem: fail,
      removeItem: fail,
      clear: fail,
    };
  }
}

/** Return the key in localStorage of an entry's name: "tinytorch:" and the name. */
export function keyOf(name) {
  return PREFIX + name;
}

/** Return the entry's name for a key in localStorage; null if the prefix is missing. */
export function nameOf(key) {
  return key?.startsWith(PREFIX) ? key.slice(PREFIX.length) : null;
}

/**
 * Return the value of an entry. Never throws.
 *
 * @param {Storage} storage
 * @param {string} name
 * @returns {?string | undefined} null for an entry that does not exist, undefined if
 *   the storage is blocked
 */
export function get(storage, name) {
  try {
    return storage.getItem(keyOf(name));
  } catch {
    return undefined;
  }
}

/**
 * Write an entry. Never throws.
 *
 * @param {Storage} storage
 * @param {string} name
 * @param {string} value
 * @returns {?Error} null on success, else the error of the storage: a
 *   QuotaExceededError if it is full, a SecurityError if it is blocked
 */
export function set(storage, name, value) {
  return errorOf(() => storage.setItem(keyOf(name), value));
}

/** Remove an entry; returns the same as `set`. */
export function remove(storage, name) {
  return errorOf(() => storage.removeItem(keyOf(name)));
}

/**
 * Return the names of the entries whose name begins with `start`.
 *
 * @param {?Storage} storage
 * @param {string} start
 * @returns {string[]} empty if the storage is null or blocked
 */
export function names(storage, start) {
  try {
    const keys = Array.from({ length: storage?.length ?? 0 }, (_, i) => storage.key(i));
    return keys.map(nameOf).filter((name) => name?.startsWith(start));
  } catch {
    return [];
  }
}

/** Return whether an error that `set` returned says that the storage is full. */
export function isFull(error) {
  return error?.name === "QuotaExceededError";
}

/** Throw the error that `set` or `remove` returned; does nothing for null. */
export function orThrow(error) {
  if (error) throw error;
}

function errorOf(action) {
  try {
    action();
    return null;
  } catch (error) {
    return error;
  }
}
