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

/** A loop of as many steps as its argument says, in which each needs the one before: some nanoseconds each. */
export const loopModule = `module { func.func public @main(%n: tensor<i32>) -> tensor<i32> {
  %0 = stablehlo.constant dense<1> : tensor<i32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %1:2 = stablehlo.while(%i = %zero, %x = %0) : tensor<i32>, tensor<i32>
  cond {
    %c = stablehlo.compare LT, %i, %n, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  } do {
    %five = stablehlo.constant dense<5> : tensor<i32>
    %one = stablehlo.constant dense<1> : tensor<i32>
    %a = stablehlo.multiply %x, %five : tensor<i32>
    %b = stablehlo.add %a, %one : tensor<i32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %b : tensor<i32>, tensor<i32>
  }
  return %1#1 : tensor<i32>
} }
`

/** A loop of so many steps, likewise, without an argument. */
export const slowModule = (steps: number): string =>
  loopModule
    .replace("%n: tensor<i32>", "")
    .replace(
      "%zero = stablehlo",
      `%n = stablehlo.constant dense<${steps}> : tensor<i32>\n  %zero = stablehlo`
    )

/** Takes XLA some seconds to compile, and is like no other, so that no cache has it. */
export const longToCompile = (): string => {
  const functions = ["sine", "exponential", "tanh"]
  const lines = Array.from(
    { length: 2000 },
    (_, i) => `%x${i + 1} = stablehlo.${functions[i % 3]} %x${i} : tensor<f32>`
  )
  return `module { func.func public @main(%x0: tensor<f32>) -> tensor<f32> {
    ${lines.join("\n")}
    %c = stablehlo.constant dense<${Math.random()}> : tensor<f32>
    %y = stablehlo.add %x2000, %c : tensor<f32>
    return %y : tensor<f32> } }`
}
