import { plainName } from "../../module/screen/module.ts"

const words = (text: string): ReadonlyArray<string> => text.trim().split(/\s+/)

/**
 * The operations that a worker's programs may use, by dialect: those that loopcarry and jax.export write. All others
 * are refused.
 * Of StableHLO some operations are missing. infeed, outfeed, send and recv use queues of the host. Custom calls are checked
 * below. async_start and async_done start work of their own. XLA folds the sizes of dynamic_broadcast_in_dim without a
 * check for overflow.
 * Portable StableHLO (`vhlo`) has the same operations under other names.
 * Nobody needs to send the other dialects that XLA knows (mhlo, arith, shape, tensor, ml_program, quant).
 */
const operations: Readonly<Record<string, ReadonlyArray<string>>> = {
  // The cast is what jax.export writes between types of Shardy's operations and of StableHLO's.
  builtin: ["module", "unrealized_conversion_cast"],
  func: ["func", "call", "return"],
  stablehlo:
    words(`abs add after_all all_gather all_reduce all_to_all and atan2 batch_norm_grad batch_norm_inference
    batch_norm_training bitcast_convert broadcast broadcast_in_dim case cbrt ceil cholesky clamp collective_broadcast
    collective_permute collective_reduce compare complex composite concatenate constant convert convolution cosine
    count_leading_zeros create_token divide dot dot_general dynamic_conv dynamic_gather
    dynamic_iota dynamic_pad dynamic_reshape dynamic_slice dynamic_update_slice einsum exponential
    exponential_minus_one fft floor gather get_dimension_size get_tuple_element if imag iota is_finite log
    log_plus_one logistic map maximum minimum multiply negate not optimization_barrier or pad partition_id popcnt
    power real real_dynamic_slice reduce reduce_precision reduce_scatter reduce_window remainder replica_id reshape
    return reverse rng rng_bit_generator round_nearest_afz round_nearest_even rsqrt scatter select
    select_and_scatter set_dimension_size shift_left shift_right_arithmetic shift_right_logical sign sine slice sort
    sqrt subtract tan tanh torch_index_select transpose triangular_solve tuple unary_einsum uniform_dequantize
    uniform_quantize while xor`),
  chlo: words(`acos acosh asin asinh atan atanh bessel_i1e broadcast_add broadcast_and broadcast_atan2
    broadcast_compare broadcast_complex broadcast_divide broadcast_maximum broadcast_minimum broadcast_multiply
    broadcast_next_after broadcast_or broadcast_polygamma broadcast_power broadcast_remainder broadcast_select
    broadcast_shift_left broadcast_shift_right_arithmetic broadcast_shift_right_logical broadcast_subtract
    broadcast_xor broadcast_zeta conj constant constant_like cosh digamma erf erf_inv erfc is_inf is_neg_inf
    is_pos_inf lgamma mulhi next_after polygamma ragged_dot sinh square tan top_k zeta`),
  sdy: words(`all_gather all_reduce all_slice all_to_all collective_permute constant manual_computation mesh
    named_computation propagation_barrier reduce_scatter reshard return sharding_constraint sharding_group`)
}

const named = new Set(
  Object.entries(operations).flatMap(([dialect, names]) => names.map((name) => `${dialect}.${name}`))
)

export const isAllowed = (operation: string): boolean => named.has(plainName(operation))

/**
 * Custom calls that XLA reads as notes and takes out again (spmd/spmd_partitioner.cc, spmd/shardy/constants.h,
 * layout_assignment.cc): they run no code of the process. `FuncResultSharding` must have frontend attributes, without
 * which XLA aborts.
 */
const notes: ReadonlyMap<string, { readonly annotated: boolean }> = new Map([
  ["Sharding", { annotated: false }],
  ["SPMDFullToShardShape", { annotated: false }],
  ["SPMDShardToFullShape", { annotated: false }],
  ["LayoutConstraint", { annotated: false }],
  ["xla.sdy.FuncResultSharding", { annotated: true }],
  ["xla.sdy.GlobalToLocalShape", { annotated: true }],
  ["xla.sdy.LocalToGlobalShape", { annotated: true }],
  ["xla.sdy.PropagationBarrier", { annotated: false }],
  ["xla.sdy.ShardingGroup", { annotated: true }]
])

export const isNote = (target: string, annotated: boolean): boolean => {
  const note = notes.get(target)
  return note !== undefined && (annotated || !note.annotated)
}

/**
 * The dialects whose attributes and types a program may have: none of these holds operations or names a file. Of
 * quantized types (`quant`) the compiler says what to do.
 */
export const allowedDialects: ReadonlySet<string> = new Set([
  "quant",
  "builtin",
  "func",
  "stablehlo",
  "vhlo",
  "chlo",
  "sdy"
])

/**
 * The `mhlo.*` attributes that a program may have. XLA obeys the others too: they set up the module's aliases, tiles
 * and prefetches, and XLA does not check their contents (`spmd_output_sharding = "bad"` aborts).
 */
const allowedMhlo: ReadonlySet<string> = new Set(
  words(`mhlo.num_partitions mhlo.num_replicas mhlo.sharding mhlo.layout_mode mhlo.memory_kind
    mhlo.frontend_attributes mhlo.is_same_data_across_replicas`)
)

/** `_xla_compute_type = "host"` moves a part of the program to the host's processor; the others are for send and recv. */
const refusedFrontend = /^_xla_(?:compute_type|host_transfer|send_recv|buffer_placement|stream)/

/** Whether XLA may be told an attribute of this name; those of which it knows nothing do nothing. */
export const isAllowedAttribute = (name: string): boolean =>
  name.startsWith("mhlo.") ? allowedMhlo.has(name) : !refusedFrontend.test(name)
