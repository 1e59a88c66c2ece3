module @loopcarry {
  func.func public @main(%arg0: tensor<i32>, %arg1: tensor<i32>) -> (tensor<i32>, tensor<f32>, tensor<9xf32>, tensor<i32>) {
    %0 = stablehlo.constant dense<0> : tensor<i32>
    %1 = stablehlo.convert %arg1 : (tensor<i32>) -> tensor<i64>
    %2 = stablehlo.convert %arg0 : (tensor<i32>) -> tensor<i64>
    %3 = stablehlo.subtract %1, %2 : tensor<i64>
    %4 = stablehlo.constant dense<0> : tensor<i64>
    %5 = stablehlo.maximum %3, %4 : tensor<i64>
    %6 = stablehlo.constant dense<2147483647> : tensor<i64>
    %7 = stablehlo.minimum %5, %6 : tensor<i64>
    %8 = stablehlo.convert %7 : (tensor<i64>) -> tensor<i32>
    %9 = stablehlo.constant dense<0> : tensor<i32>
    %12:2 = stablehlo.while(%10 = %9, %11 = %0) : tensor<i32>, tensor<i32>
    cond {
      %13 = stablehlo.compare LT, %10, %8, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %13 : tensor<i1>
    } do {
      %14 = stablehlo.constant dense<1> : tensor<i32>
      %15 = stablehlo.add %arg0, %10 : tensor<i32>
      %16 = stablehlo.add %11, %15 : tensor<i32>
      %17 = stablehlo.add %10, %14 : tensor<i32>
      stablehlo.return %17, %16 : tensor<i32>, tensor<i32>
    }
    %18 = stablehlo.constant dense<0.0> : tensor<f32>
    %19 = stablehlo.subtract %2, %1 : tensor<i64>
    %20 = stablehlo.constant dense<1> : tensor<i64>
    %21 = stablehlo.add %19, %20 : tensor<i64>
    %22 = stablehlo.constant dense<2> : tensor<i64>
    %23 = stablehlo.divide %21, %22 : tensor<i64>
    %24 = stablehlo.maximum %23, %4 : tensor<i64>
    %25 = stablehlo.constant dense<9> : tensor<i64>
    %26 = stablehlo.minimum %24, %25 : tensor<i64>
    %27 = stablehlo.convert %26 : (tensor<i64>) -> tensor<i32>
    %28 = stablehlo.convert %arg0 : (tensor<i32>) -> tensor<f32>
    %29 = stablehlo.constant dense<0> : tensor<i32>
    %30 = stablehlo.constant dense<0.0> : tensor<9xf32>
    %34:3 = stablehlo.while(%31 = %29, %32 = %18, %33 = %30) : tensor<i32>, tensor<f32>, tensor<9xf32>
    cond {
      %35 = stablehlo.compare LT, %31, %27, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %35 : tensor<i1>
    } do {
      %36 = stablehlo.constant dense<1> : tensor<i32>
      %37 = stablehlo.convert %31 : (tensor<i32>) -> tensor<f32>
      %38 = stablehlo.constant dense<-2.0> : tensor<f32>
      %39 = stablehlo.multiply %37, %38 : tensor<f32>
      %40 = stablehlo.add %28, %39 : tensor<f32>
      %41 = stablehlo.add %32, %40 : tensor<f32>
      %42 = stablehlo.reshape %40 : (tensor<f32>) -> tensor<1xf32>
      %43 = stablehlo.dynamic_update_slice %33, %42, %31 : (tensor<9xf32>, tensor<1xf32>, tensor<i32>) -> tensor<9xf32>
      %44 = stablehlo.add %31, %36 : tensor<i32>
      stablehlo.return %44, %41, %43 : tensor<i32>, tensor<f32>, tensor<9xf32>
    }
    return %12#1, %34#1, %34#2, %27 : tensor<i32>, tensor<f32>, tensor<9xf32>, tensor<i32>
  }
}
