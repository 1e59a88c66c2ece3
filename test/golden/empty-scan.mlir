module @loopcarry {
  func.func public @main(%arg0: tensor<0x3xf32>) -> (tensor<f32>, tensor<0x3xf32>) {
    %0 = stablehlo.constant dense<0.0> : tensor<f32>
    %1 = stablehlo.constant dense<0.0> : tensor<0x3xf32>
    return %0, %1 : tensor<f32>, tensor<0x3xf32>
  }
}
