module @loopcarry {
  func.func public @main(%arg0: tensor<f32>) -> (tensor<f32>, tensor<10xf32>) {
    %0 = stablehlo.constant dense<10> : tensor<i32>
    %1 = stablehlo.constant dense<0> : tensor<i32>
    %2 = stablehlo.constant dense<0.0> : tensor<10xf32>
    %6:3 = stablehlo.while(%3 = %1, %4 = %arg0, %5 = %2) : tensor<i32>, tensor<f32>, tensor<10xf32>
    cond {
      %7 = stablehlo.compare LT, %3, %0, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %7 : tensor<i1>
    } do {
      %8 = stablehlo.constant dense<1> : tensor<i32>
      %9 = stablehlo.convert %3 : (tensor<i32>) -> tensor<f32>
      %10 = stablehlo.add %4, %9 : tensor<f32>
      %11 = stablehlo.reshape %10 : (tensor<f32>) -> tensor<1xf32>
      %12 = stablehlo.dynamic_update_slice %5, %11, %3 : (tensor<10xf32>, tensor<1xf32>, tensor<i32>) -> tensor<10xf32>
      %13 = stablehlo.add %3, %8 : tensor<i32>
      stablehlo.return %13, %10, %12 : tensor<i32>, tensor<f32>, tensor<10xf32>
    }
    return %6#1, %6#2 : tensor<f32>, tensor<10xf32>
  }
}
