/** The book's entries in the browser's localStorage: one prefix, and no exceptions. */

const PREFIX = "tinytorch:";

/**
 * Open the browser's storage.
 *
 * @param {() => Storage} open
 * @returns {Storage} where the browser blocks it, a stand-in whose methods throw what
 *   `open` threw; the functions below turn that into their results
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

/** Return the key in localStorage of an entry of the book: "tinytorch:" and its name. */
export function keyOf(name) {
  return PREFIX + name;
}

/** Return the name of the entry with this key; null for a key that is not the book's. */
export function nameOf(key) {
  return key?.startsWith(PREFIX) ? key.slice(PREFIX.length) : null;
}

/**
 * Read an entry.
 *
 * @param {Storage} storage
 * @param {string} name
 * @returns {?string | undefined} null where there is none, undefined where the storage
 *   is blocked
 */
export function get(storage, name) {
  try {
    return storage.getItem(keyOf(name));
  } catch {
    return undefined;
  }
}

/**
 * Write an entry.
 *
 * @param {Storage} storage
 * @param {string} name
 * @param {string} value
 * @returns {?Error} null when it worked, else what the storage threw: a
 *   QuotaExceededError where it is full, a SecurityError where it is blocked
 */
export function set(storage, name, value) {
  return errorOf(() => storage.setItem(keyOf(name), value));
}

/** Remove an entry; gives the same as `set`. */
export function remove(storage, name) {
  return errorOf(() => storage.removeItem(keyOf(name)));
}

/**
 * List the names of the entries that begin with `start`.
 *
 * @param {?Storage} storage
 * @param {string} start
 * @returns {string[]} none where the storage is null or blocked
 */
export function names(storage, start) {
  try {
    const keys = Array.from({ length: storage?.length ?? 0 }, (_, i) => storage.key(i));
    return keys.map(nameOf).filter((name) => name?.startsWith(start));
  } catch {
    return [];
  }
}

/** Whether an error of `set` says that the storage is full. */
export function isFull(error) {
  return error?.name === "QuotaExceededError";
}

/** Throw an error that `set` or `remove` gave, for callers that cannot go on without. */
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
