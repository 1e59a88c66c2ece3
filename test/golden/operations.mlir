module @loopcarry {
  func.func public @main(%arg0: tensor<2x3xf32>, %arg1: tensor<3x4xf32>, %arg2: tensor<2x3xi1>, %arg3: tensor<5xui8>) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x3x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xbf16>, tensor<3x2xf32>, tensor<2x1xf32>, tensor<2x6xf32>, tensor<2x1xf32>, tensor<ui8>, tensor<2x3xi1>, tensor<5xi1>, tensor<2x3xi1>, tensor<4xf16>, tensor<5xui8>, tensor<2x3xf32>, tensor<2x2xi64>, tensor<ui64>) {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
    %1 = stablehlo.reshape %arg0 : (tensor<2x3xf32>) -> tensor<2x3x1xf32>
    %2 = stablehlo.dot_general %1, %1, batching_dims = [0] x [0], contracting_dims = [2] x [2] : (tensor<2x3x1xf32>, tensor<2x3x1xf32>) -> tensor<2x3x3xf32>
    %3 = stablehlo.negate %arg0 : tensor<2x3xf32>
    %4 = stablehlo.select %arg2, %arg0, %3 : tensor<2x3xi1>, tensor<2x3xf32>
    %5 = stablehlo.constant dense<true> : tensor<i1>
    %6 = stablehlo.reduce(%arg2 init: %5) applies stablehlo.and across dimensions = [0, 1] : (tensor<2x3xi1>, tensor<i1>) -> tensor<i1>
    %7 = stablehlo.constant dense<0.0> : tensor<2x3xf32>
    %8 = stablehlo.select %6, %arg0, %7 : tensor<i1>, tensor<2x3xf32>
    %9 = stablehlo.constant dense<1.0> : tensor<2x3xf32>
    %10 = stablehlo.clamp %7, %arg0, %9 : tensor<2x3xf32>
    %11 = stablehlo.convert %arg0 : (tensor<2x3xf32>) -> tensor<2x3xbf16>
    %12 = stablehlo.transpose %arg0, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
    %13 = stablehlo.slice %arg0 [0:2, 1:3:2] : (tensor<2x3xf32>) -> tensor<2x1xf32>
    %14 = stablehlo.concatenate %arg0, %arg0, dim = 1 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
    %15 = stablehlo.constant dense<0.0> : tensor<f32>
    %16 = stablehlo.reduce(%arg0 init: %15) applies stablehlo.add across dimensions = [1] : (tensor<2x3xf32>, tensor<f32>) -> tensor<2xf32>
    %17 = stablehlo.reshape %16 : (tensor<2xf32>) -> tensor<2x1xf32>
    %18 = stablehlo.constant dense<3.0> : tensor<2x1xf32>
    %19 = stablehlo.divide %17, %18 : tensor<2x1xf32>
    %20 = stablehlo.constant dense<255> : tensor<ui8>
    %21 = stablehlo.reduce(%arg3 init: %20) applies stablehlo.minimum across dimensions = [0] : (tensor<5xui8>, tensor<ui8>) -> tensor<ui8>
    %22 = stablehlo.compare LT, %arg0, %9, FLOAT : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
    %23 = stablehlo.constant dense<3> : tensor<5xui8>
    %24 = stablehlo.compare EQ, %arg3, %23, UNSIGNED : (tensor<5xui8>, tensor<5xui8>) -> tensor<5xi1>
    %25 = stablehlo.compare GE, %arg2, %arg2, UNSIGNED : (tensor<2x3xi1>, tensor<2x3xi1>) -> tensor<2x3xi1>
    %26 = stablehlo.iota dim = 0 : tensor<4xf32>
    %27 = stablehlo.constant dense<0.25> : tensor<4xf32>
    %28 = stablehlo.multiply %26, %27 : tensor<4xf32>
    %29 = stablehlo.convert %28 : (tensor<4xf32>) -> tensor<4xf16>
    %30 = stablehlo.iota dim = 0 : tensor<5xui8>
    %31 = stablehlo.constant dense<0xFF800000> : tensor<2x3xf32>
    %32 = stablehlo.add %arg0, %31 : tensor<2x3xf32>
    %33 = stablehlo.constant dense<0x7FC00000> : tensor<2x3xf32>
    %34 = stablehlo.add %32, %33 : tensor<2x3xf32>
    %35 = stablehlo.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi64>
    %36 = stablehlo.constant dense<9223372036854775808> : tensor<ui64>
    return %0, %0, %2, %4, %8, %10, %11, %12, %13, %14, %19, %21, %22, %24, %25, %29, %30, %34, %35, %36 : tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x3x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xbf16>, tensor<3x2xf32>, tensor<2x1xf32>, tensor<2x6xf32>, tensor<2x1xf32>, tensor<ui8>, tensor<2x3xi1>, tensor<5xi1>, tensor<2x3xi1>, tensor<4xf16>, tensor<5xui8>, tensor<2x3xf32>, tensor<2x2xi64>, tensor<ui64>
  }
}
