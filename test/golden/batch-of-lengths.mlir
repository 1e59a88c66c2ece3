module @loopcarry {
  func.func public @main(%arg0: tensor<3xi32>) -> (tensor<3xi32>, tensor<3x5xi32>, tensor<3xi32>) {
    %0 = stablehlo.constant dense<0> : tensor<i32>
    %1 = stablehlo.constant dense<0> : tensor<i32>
    %2 = stablehlo.broadcast_in_dim %1, dims = [] : (tensor<i32>) -> tensor<3xi32>
    %3 = stablehlo.maximum %arg0, %2 : tensor<3xi32>
    %4 = stablehlo.constant dense<5> : tensor<i32>
    %5 = stablehlo.broadcast_in_dim %4, dims = [] : (tensor<i32>) -> tensor<3xi32>
    %6 = stablehlo.minimum %3, %5 : tensor<3xi32>
    %7 = stablehlo.broadcast_in_dim %0, dims = [] : (tensor<i32>) -> tensor<3xi32>
    %8 = stablehlo.constant dense<-2147483648> : tensor<i32>
    %9 = stablehlo.reduce(%6 init: %8) applies stablehlo.maximum across dimensions = [0] : (tensor<3xi32>, tensor<i32>) -> tensor<i32>
    %10 = stablehlo.constant dense<0> : tensor<i32>
    %11 = stablehlo.constant dense<0> : tensor<5x3xi32>
    %15:3 = stablehlo.while(%12 = %10, %13 = %7, %14 = %11) : tensor<i32>, tensor<3xi32>, tensor<5x3xi32>
    cond {
      %16 = stablehlo.compare LT, %12, %9, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %16 : tensor<i1>
    } do {
      %17 = stablehlo.constant dense<1> : tensor<i32>
      %18 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<i32>) -> tensor<3xi32>
      %19 = stablehlo.compare LT, %18, %6, SIGNED : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi1>
      %20 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<i32>) -> tensor<3xi32>
      %21 = stablehlo.add %13, %20 : tensor<3xi32>
      %22 = stablehlo.select %19, %21, %13 : tensor<3xi1>, tensor<3xi32>
      %23 = stablehlo.constant dense<0> : tensor<3xi32>
      %24 = stablehlo.select %19, %13, %23 : tensor<3xi1>, tensor<3xi32>
      %25 = stablehlo.reshape %24 : (tensor<3xi32>) -> tensor<1x3xi32>
      %26 = stablehlo.constant dense<0> : tensor<i32>
      %27 = stablehlo.dynamic_update_slice %14, %25, %12, %26 : (tensor<5x3xi32>, tensor<1x3xi32>, tensor<i32>, tensor<i32>) -> tensor<5x3xi32>
      %28 = stablehlo.add %12, %17 : tensor<i32>
      stablehlo.return %28, %22, %27 : tensor<i32>, tensor<3xi32>, tensor<5x3xi32>
    }
    %29 = stablehlo.transpose %15#2, dims = [1, 0] : (tensor<5x3xi32>) -> tensor<3x5xi32>
    return %15#1, %29, %6 : tensor<3xi32>, tensor<3x5xi32>, tensor<3xi32>
  }
}
