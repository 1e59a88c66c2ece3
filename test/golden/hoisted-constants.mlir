module @loopcarry {
  func.func public @main(%arg0: tensor<f32>, %arg1: tensor<f32>) -> (tensor<f32>, tensor<3x3xf32>) {
    %0 = stablehlo.constant dense<1.0> : tensor<f32>
    %1 = stablehlo.add %arg1, %0 : tensor<f32>
    %2 = stablehlo.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
    %3 = stablehlo.constant dense<3> : tensor<i32>
    %4 = stablehlo.constant dense<0> : tensor<i32>
    %5 = stablehlo.constant dense<0.0> : tensor<3x3xf32>
    %9:3 = stablehlo.while(%6 = %4, %7 = %arg0, %8 = %5) : tensor<i32>, tensor<f32>, tensor<3x3xf32>
    cond {
      %10 = stablehlo.compare LT, %6, %3, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %10 : tensor<i1>
    } do {
      %11 = stablehlo.constant dense<1> : tensor<i32>
      %12 = stablehlo.multiply %7, %1 : tensor<f32>
      %13 = stablehlo.broadcast_in_dim %7, dims = [] : (tensor<f32>) -> tensor<3xf32>
      %14 = stablehlo.add %2, %13 : tensor<3xf32>
      %15 = stablehlo.reshape %14 : (tensor<3xf32>) -> tensor<1x3xf32>
      %16 = stablehlo.constant dense<0> : tensor<i32>
      %17 = stablehlo.dynamic_update_slice %8, %15, %6, %16 : (tensor<3x3xf32>, tensor<1x3xf32>, tensor<i32>, tensor<i32>) -> tensor<3x3xf32>
      %18 = stablehlo.add %6, %11 : tensor<i32>
      stablehlo.return %18, %12, %17 : tensor<i32>, tensor<f32>, tensor<3x3xf32>
    }
    return %9#1, %9#2 : tensor<f32>, tensor<3x3xf32>
  }
}
