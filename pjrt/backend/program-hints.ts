/** Which LAPACK functions JAX has another form of, for TPU: triangular, Cholesky, QR, eigenvalues, singular values. */
const portable = /(?:trsm|potrf|geqrf|or[gm]qr|un[gm]qr|syevd?|heevd?|ges[dv]d?|gesvdq?j?)/

const lapack = (name: string): string =>
  portable.test(name)
    ? `${name} is code of LAPACK in jaxlib, which a plugin has not: export the program for TPU, whose form every device compiles: jax.export.export(jax.jit(f), platforms=["tpu"])`
    : noOtherForm(name)

const noOtherForm = (name: string): string =>
  `${name} is code of a library that this plugin has not, and JAX has no other form of it: use Cholesky, QR, eigh or SVD instead (to solve: jnp.linalg.qr), and export that for TPU: jax.export.export(jax.jit(f), platforms=["tpu"])`

const vendor = (name: string): string => {
  const part = `${name} is code of jaxlib's ${name.startsWith("hip") ? "ROCm" : "CUDA"} part`
  return portable.test(name)
    ? `${part}, which a plugin has not: export the program for TPU, whose form every device compiles: jax.export.export(jax.jit(f), platforms=["tpu"])`
    : `${part}, which a plugin has not: export the program for the device that runs it`
}

const callback = (name: string): string =>
  `${name} calls back into Python: leave jax.debug.print, pure_callback and io_callback out of what is exported`

const customCall = (name: string): string => {
  if (/callback/.test(name)) return callback(name)
  if (/^lapack_/.test(name)) return lapack(name)
  if (/^(?:cu(?:solver|blas|dnn|sparse|fft|_)|hip)/.test(name)) return vendor(name)
  if (/^(?:LuDecomposition|Eig|Schur|Hessenberg)$/.test(name)) return noOtherForm(name)
  if (/^(?:PadToStatic|SliceToDynamic)$/.test(name)) return dynamic
  return `${name} is a custom call that this plugin has not: write what it does with operations of StableHLO`
}

const dynamic =
  "shapes are plain numbers here: export the program for fixed shapes, without symbolic dimensions (jax.export.symbolic_shape)"

/** What is said of a program that would wait for the host, where nobody answers. */
export const hostHint = "give what comes from the host as arguments, and what goes there as results"

const known: ReadonlyArray<readonly [RegExp, (found: RegExpExecArray) => string]> = [
  [
    /requires module with `main` function/,
    () => "the function that is to be run must be a func.func public @main: rename it, or make it public"
  ],
  [
    /(?:No FFI handler registered for|custom call to|[Cc]ustom call target|[Cc]ustom emitter for) '?([\w$.@-]+)/,
    ([, name]) => customCall(name!)
  ],
  [
    /Unbounded dynamism|'stablehlo\.(?:real_)?dynamic_(?!slice|update_slice)\w+'|bounded result/,
    () => dynamic
  ],
  [
    /uniform_(?:de)?quantize|!quant\./,
    () =>
      "quantized types are not compiled: write the program with integers first, as stablehlo-opt --stablehlo-legalize-quant-to-math does"
  ],
  [
    /PartitionId instruction is not supported/,
    () =>
      "a program of several partitions asks for its own number only inside sdy.manual_computation (jax.shard_map); or set mhlo.num_replicas and use replica_id"
  ],
  [
    /HLO opcode `([\w-]+)` is not supported/,
    ([, name]) =>
      /^(?:send|recv|infeed|outfeed)/.test(name!)
        ? hostHint
        : `this plugin's compiler has no ${name}: write what it does with other operations`
  ],
  [
    /unregistered operation '(vhlo\.\w+)' found/,
    ([, name]) =>
      `the plugin's StableHLO is older than the program, and has no ${name}: write the program for an older version (stablehlo.serialize_portable_artifact), or use a newer plugin (loopcarry plugins list)`
  ],
  [
    /custom op '(HloModule|ENTRY)/,
    () => "this is text of HLO: give StableHLO, which JAX writes with jax.jit(f).lower(...).as_text()"
  ],
  [
    /custom op '((?:stable|v|m|c)hlo\.\w+)' is unknown/,
    ([, name]) =>
      `this plugin's StableHLO has no ${name}: its name is wrong, or it is newer than the plugin (loopcarry plugins list)`
  ],
  [
    /unregistered dialect|Dialect `\w+' not found|op unsupported op for export to XLA|custom op '[\w.]+' is unknown/,
    () =>
      "the program has operations of another dialect: write them with those of StableHLO before it is compiled"
  ],
  [
    /attempting to \w+ (?:\d+ bytes when only|a byte at the end)/,
    () => "the bytecode is cut short: copy or write the whole file anew"
  ],
  [
    /bytecode/,
    () => "the bytecode is damaged, or newer than the plugin: write it anew as a portable artifact"
  ]
]

/** What to do about a compiler's complaint of a program. */
export const programHint = (message: string): string => {
  for (const [said, hint] of known) {
    const found = said.exec(message)
    if (found !== null) return hint(found)
  }
  return "mend the program at the place that the plugin's own words above name"
}
