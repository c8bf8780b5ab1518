// Two things MapLibre 6 takes for granted and the oldest promised engines (Chromium 90) lack. Loaded in the page and in the worker, before the map.
if (!Object.hasOwn) {
  Object.hasOwn = (thing: object, key: PropertyKey) => Object.hasOwn(thing, key);
}

function at(this: ArrayLike<unknown>, index: number): unknown {
  return this[index < 0 ? this.length + index : index];
}

for (const type of [Array, String]) {
  if (!('at' in type.prototype)) {
    Object.defineProperty(type.prototype, 'at', { value: at, writable: true, configurable: true });
  }
}

export {};
