/** Work that never ends, on no machine: a test ends it with its process. What must end is behind a gate (`gate.ts`). */

/** From zero it ends at once. From an odd number it never does, for odd numbers stay odd, and no compiler knows. */
export const endlessFromModule = `module { func.func public @main(%0: tensor<i32>) -> tensor<i32> {
  %1 = stablehlo.while(%i = %0) : tensor<i32>
  cond {
    %zero = stablehlo.constant dense<0> : tensor<i32>
    %c = stablehlo.compare NE, %i, %zero, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  } do {
    %five = stablehlo.constant dense<5> : tensor<i32>
    %two = stablehlo.constant dense<2> : tensor<i32>
    %a = stablehlo.multiply %i, %five : tensor<i32>
    %b = stablehlo.add %a, %two : tensor<i32>
    stablehlo.return %b : tensor<i32>
  }
  return %1 : tensor<i32>
} }
`

/** A loop without end. */
export const endlessModule = endlessFromModule
  .replace("%0: tensor<i32>", "")
  .replace("%1 =", "%0 = stablehlo.constant dense<1> : tensor<i32>\n  %1 =")

/** Between the elements of a matrix of 8 rows and columns are so many holes, less one. */
const dilation = 200
const size = 7 * dilation + 1

/**
 * A module that XLA does not end to compile: it works out the windows of constants itself, as many as they are large.
 * Its time grows with the fourth power of the dilation; with 12 it takes some seconds.
 */
export const endlessToCompile = `module { func.func public @main() -> tensor<${size}x${size}xi32> {
  %x = stablehlo.constant dense<[${Array.from({ length: 8 }, (_, i) => `[${Array.from({ length: 8 }, (_, j) => (37 * i + 11 * j) % 23).join(", ")}]`).join(", ")}]> : tensor<8x8xi32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %y = "stablehlo.reduce_window"(%x, %zero) ({
    ^bb0(%a: tensor<i32>, %b: tensor<i32>):
      %square = stablehlo.multiply %a, %a : tensor<i32>
      %sum = stablehlo.add %square, %b : tensor<i32>
      stablehlo.return %sum : tensor<i32>
  }) {
    window_dimensions = array<i64: ${size}, ${size}>,
    base_dilations = array<i64: ${dilation}, ${dilation}>,
    padding = dense<[[${size - 1}, 0], [${size - 1}, 0]]> : tensor<2x2xi64>
  } : (tensor<8x8xi32>, tensor<i32>) -> tensor<${size}x${size}xi32>
  return %y : tensor<${size}x${size}xi32>
} }
`
