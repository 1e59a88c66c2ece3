module @loopcarry {
  func.func public @main(%arg0: tensor<3xi32>) -> (tensor<3xi32>, tensor<3x5xi32>, tensor<3xi32>) {
    %0 = stablehlo.constant dense<0> : tensor<3xi32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<3xi32>
    %2 = stablehlo.constant dense<5> : tensor<3xi32>
    %3 = stablehlo.minimum %1, %2 : tensor<3xi32>
    %4 = stablehlo.constant dense<-2147483648> : tensor<i32>
    %5 = stablehlo.reduce(%3 init: %4) applies stablehlo.maximum across dimensions = [0] : (tensor<3xi32>, tensor<i32>) -> tensor<i32>
    %6 = stablehlo.constant dense<0> : tensor<i32>
    %7 = stablehlo.constant dense<0> : tensor<5x3xi32>
    %11:3 = stablehlo.while(%8 = %6, %9 = %0, %10 = %7) : tensor<i32>, tensor<3xi32>, tensor<5x3xi32>
    cond {
      %12 = stablehlo.compare LT, %8, %5, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %12 : tensor<i1>
    } do {
      %13 = stablehlo.constant dense<1> : tensor<i32>
      %14 = stablehlo.broadcast_in_dim %8, dims = [] : (tensor<i32>) -> tensor<3xi32>
      %15 = stablehlo.compare LT, %14, %3, SIGNED : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi1>
      %16 = stablehlo.add %9, %14 : tensor<3xi32>
      %17 = stablehlo.select %15, %16, %9 : tensor<3xi1>, tensor<3xi32>
      %18 = stablehlo.constant dense<0> : tensor<3xi32>
      %19 = stablehlo.select %15, %9, %18 : tensor<3xi1>, tensor<3xi32>
      %20 = stablehlo.reshape %19 : (tensor<3xi32>) -> tensor<1x3xi32>
      %21 = stablehlo.constant dense<0> : tensor<i32>
      %22 = stablehlo.dynamic_update_slice %10, %20, %8, %21 : (tensor<5x3xi32>, tensor<1x3xi32>, tensor<i32>, tensor<i32>) -> tensor<5x3xi32>
      %23 = stablehlo.add %8, %13 : tensor<i32>
      stablehlo.return %23, %17, %22 : tensor<i32>, tensor<3xi32>, tensor<5x3xi32>
    }
    %24 = stablehlo.transpose %11#2, dims = [1, 0] : (tensor<5x3xi32>) -> tensor<3x5xi32>
    return %11#1, %24, %3 : tensor<3xi32>, tensor<3x5xi32>, tensor<3xi32>
  }
}
