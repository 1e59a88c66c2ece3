/** Trees of leaves of any kind: tensors, specs, arrays on a device, and host values. */
export type { Leaf } from "./leaf.ts"
export { map, mapWithPath, reduce } from "./map.ts"
export { all, type Holds, type Raveled, ravel } from "./ravel.ts"
export { flatten, leaves, paths, Structure, structure, unflatten } from "./structure.ts"
export type { Each, EachShape, LeafOf, Mapped } from "./types.ts"
export { type Zeros, zerosLike } from "./zeros.ts"
