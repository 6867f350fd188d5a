/** A stand-in for the browser's localStorage, kept in memory. */
export class Shelf {
  constructor(items = {}) {
    this.items = new Map(Object.entries(items));
  }

  get length() {
    return this.items.size;
  }

  key(index) {
    return [...this.items.keys()][index] ?? null;
  }

  getItem(key) {
    return this.items.get(key) ?? null;
  }

  setItem(key, value) {
    this.items.set(key, String(value));
  }

  removeItem(key) {
    this.items.delete(key);
  }
}
