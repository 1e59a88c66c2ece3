module @loopcarry {
  func.func public @main(%arg0: tensor<4x2xf32>, %arg1: tensor<4xi32>) -> (tensor<2xf32>, tensor<i32>, tensor<4x2xf32>, tensor<4x2xf32>) {
    %0 = stablehlo.constant dense<0.0> : tensor<2xf32>
    %1 = stablehlo.constant dense<0> : tensor<i32>
    %2 = stablehlo.constant dense<4> : tensor<i32>
    %3 = stablehlo.constant dense<0> : tensor<i32>
    %4 = stablehlo.constant dense<0.0> : tensor<4x2xf32>
    %5 = stablehlo.constant dense<0.0> : tensor<4x2xf32>
    %11:5 = stablehlo.while(%6 = %3, %7 = %0, %8 = %1, %9 = %4, %10 = %5) : tensor<i32>, tensor<2xf32>, tensor<i32>, tensor<4x2xf32>, tensor<4x2xf32>
    cond {
      %12 = stablehlo.compare LT, %6, %2, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %12 : tensor<i1>
    } do {
      %13 = stablehlo.constant dense<1> : tensor<i32>
      %14 = stablehlo.subtract %2, %13 : tensor<i32>
      %15 = stablehlo.subtract %14, %6 : tensor<i32>
      %16 = stablehlo.constant dense<0> : tensor<i32>
      %17 = stablehlo.dynamic_slice %arg0, %15, %16, sizes = [1, 2] : (tensor<4x2xf32>, tensor<i32>, tensor<i32>) -> tensor<1x2xf32>
      %18 = stablehlo.reshape %17 : (tensor<1x2xf32>) -> tensor<2xf32>
      %19 = stablehlo.dynamic_slice %arg1, %15, sizes = [1] : (tensor<4xi32>, tensor<i32>) -> tensor<1xi32>
      %20 = stablehlo.reshape %19 : (tensor<1xi32>) -> tensor<i32>
      %21 = stablehlo.add %7, %18 : tensor<2xf32>
      %22 = stablehlo.constant dense<2.0> : tensor<2xf32>
      %23 = stablehlo.multiply %18, %22 : tensor<2xf32>
      %24 = stablehlo.reshape %23 : (tensor<2xf32>) -> tensor<1x2xf32>
      %25 = stablehlo.constant dense<0> : tensor<i32>
      %26 = stablehlo.dynamic_update_slice %9, %24, %15, %25 : (tensor<4x2xf32>, tensor<1x2xf32>, tensor<i32>, tensor<i32>) -> tensor<4x2xf32>
      %27 = stablehlo.reshape %7 : (tensor<2xf32>) -> tensor<1x2xf32>
      %28 = stablehlo.constant dense<0> : tensor<i32>
      %29 = stablehlo.dynamic_update_slice %10, %27, %15, %28 : (tensor<4x2xf32>, tensor<1x2xf32>, tensor<i32>, tensor<i32>) -> tensor<4x2xf32>
      %30 = stablehlo.add %6, %13 : tensor<i32>
      stablehlo.return %30, %21, %20, %26, %29 : tensor<i32>, tensor<2xf32>, tensor<i32>, tensor<4x2xf32>, tensor<4x2xf32>
    }
    return %11#1, %11#2, %11#3, %11#4 : tensor<2xf32>, tensor<i32>, tensor<4x2xf32>, tensor<4x2xf32>
  }
}
