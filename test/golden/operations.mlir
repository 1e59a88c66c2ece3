module @loopcarry {
  func.func public @main(%arg0: tensor<2x3xf32>, %arg1: tensor<3x4xf32>, %arg2: tensor<2x3xi1>, %arg3: tensor<5xui8>) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x3x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xbf16>, tensor<3x2xf32>, tensor<2x1xf32>, tensor<2x6xf32>, tensor<2x1xf32>, tensor<ui8>, tensor<2x3xi1>, tensor<5xi1>, tensor<2x3xi1>, tensor<4xf16>, tensor<5xui8>, tensor<2x3xf32>, tensor<2x2xi64>, tensor<ui64>) {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
    %1 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
    %2 = stablehlo.reshape %arg0 : (tensor<2x3xf32>) -> tensor<2x3x1xf32>
    %3 = stablehlo.reshape %arg0 : (tensor<2x3xf32>) -> tensor<2x3x1xf32>
    %4 = stablehlo.dot_general %2, %3, batching_dims = [0] x [0], contracting_dims = [2] x [2] : (tensor<2x3x1xf32>, tensor<2x3x1xf32>) -> tensor<2x3x3xf32>
    %5 = stablehlo.negate %arg0 : tensor<2x3xf32>
    %6 = stablehlo.select %arg2, %arg0, %5 : tensor<2x3xi1>, tensor<2x3xf32>
    %7 = stablehlo.constant dense<true> : tensor<i1>
    %8 = stablehlo.reduce(%arg2 init: %7) applies stablehlo.and across dimensions = [0, 1] : (tensor<2x3xi1>, tensor<i1>) -> tensor<i1>
    %9 = stablehlo.constant dense<0.0> : tensor<2x3xf32>
    %10 = stablehlo.select %8, %arg0, %9 : tensor<i1>, tensor<2x3xf32>
    %11 = stablehlo.constant dense<0.0> : tensor<2x3xf32>
    %12 = stablehlo.constant dense<1.0> : tensor<2x3xf32>
    %13 = stablehlo.clamp %11, %arg0, %12 : tensor<2x3xf32>
    %14 = stablehlo.convert %arg0 : (tensor<2x3xf32>) -> tensor<2x3xbf16>
    %15 = stablehlo.transpose %arg0, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
    %16 = stablehlo.slice %arg0 [0:2, 1:3:2] : (tensor<2x3xf32>) -> tensor<2x1xf32>
    %17 = stablehlo.concatenate %arg0, %arg0, dim = 1 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
    %18 = stablehlo.constant dense<0.0> : tensor<f32>
    %19 = stablehlo.reduce(%arg0 init: %18) applies stablehlo.add across dimensions = [1] : (tensor<2x3xf32>, tensor<f32>) -> tensor<2xf32>
    %20 = stablehlo.reshape %19 : (tensor<2xf32>) -> tensor<2x1xf32>
    %21 = stablehlo.constant dense<3.0> : tensor<2x1xf32>
    %22 = stablehlo.divide %20, %21 : tensor<2x1xf32>
    %23 = stablehlo.constant dense<255> : tensor<ui8>
    %24 = stablehlo.reduce(%arg3 init: %23) applies stablehlo.minimum across dimensions = [0] : (tensor<5xui8>, tensor<ui8>) -> tensor<ui8>
    %25 = stablehlo.constant dense<1.0> : tensor<2x3xf32>
    %26 = stablehlo.compare LT, %arg0, %25, FLOAT : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
    %27 = stablehlo.constant dense<3> : tensor<5xui8>
    %28 = stablehlo.compare EQ, %arg3, %27, UNSIGNED : (tensor<5xui8>, tensor<5xui8>) -> tensor<5xi1>
    %29 = stablehlo.compare GE, %arg2, %arg2, UNSIGNED : (tensor<2x3xi1>, tensor<2x3xi1>) -> tensor<2x3xi1>
    %30 = stablehlo.iota dim = 0 : tensor<4xf32>
    %31 = stablehlo.constant dense<0.25> : tensor<4xf32>
    %32 = stablehlo.multiply %30, %31 : tensor<4xf32>
    %33 = stablehlo.convert %32 : (tensor<4xf32>) -> tensor<4xf16>
    %34 = stablehlo.iota dim = 0 : tensor<5xui8>
    %35 = stablehlo.constant dense<0xFF800000> : tensor<3xf32>
    %36 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
    %37 = stablehlo.broadcast_in_dim %35, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
    %38 = stablehlo.broadcast_in_dim %36, dims = [] : (tensor<f32>) -> tensor<2x3xf32>
    %39 = stablehlo.add %arg0, %37 : tensor<2x3xf32>
    %40 = stablehlo.add %39, %38 : tensor<2x3xf32>
    %41 = stablehlo.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi64>
    %42 = stablehlo.constant dense<9223372036854775808> : tensor<ui64>
    return %0, %1, %4, %6, %10, %13, %14, %15, %16, %17, %22, %24, %26, %28, %29, %33, %34, %40, %41, %42 : tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x3x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xbf16>, tensor<3x2xf32>, tensor<2x1xf32>, tensor<2x6xf32>, tensor<2x1xf32>, tensor<ui8>, tensor<2x3xi1>, tensor<5xi1>, tensor<2x3xi1>, tensor<4xf16>, tensor<5xui8>, tensor<2x3xf32>, tensor<2x2xi64>, tensor<ui64>
  }
}
