/** A module without end: odd numbers stay odd, so the loop never meets its zero, and no compiler knows. */
export const endlessModule = `module { func.func public @main() -> tensor<i32> {
  %0 = stablehlo.constant dense<1> : tensor<i32>
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
