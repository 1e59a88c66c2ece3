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
    %19 = stablehlo.convert %arg0 : (tensor<i32>) -> tensor<i64>
    %20 = stablehlo.convert %arg1 : (tensor<i32>) -> tensor<i64>
    %21 = stablehlo.subtract %19, %20 : tensor<i64>
    %22 = stablehlo.constant dense<1> : tensor<i64>
    %23 = stablehlo.add %21, %22 : tensor<i64>
    %24 = stablehlo.constant dense<2> : tensor<i64>
    %25 = stablehlo.divide %23, %24 : tensor<i64>
    %26 = stablehlo.constant dense<0> : tensor<i64>
    %27 = stablehlo.maximum %25, %26 : tensor<i64>
    %28 = stablehlo.constant dense<9> : tensor<i64>
    %29 = stablehlo.minimum %27, %28 : tensor<i64>
    %30 = stablehlo.convert %29 : (tensor<i64>) -> tensor<i32>
    %31 = stablehlo.convert %arg0 : (tensor<i32>) -> tensor<f32>
    %32 = stablehlo.constant dense<0> : tensor<i32>
    %33 = stablehlo.constant dense<0.0> : tensor<9xf32>
    %37:3 = stablehlo.while(%34 = %32, %35 = %18, %36 = %33) : tensor<i32>, tensor<f32>, tensor<9xf32>
    cond {
      %38 = stablehlo.compare LT, %34, %30, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %38 : tensor<i1>
    } do {
      %39 = stablehlo.constant dense<1> : tensor<i32>
      %40 = stablehlo.convert %34 : (tensor<i32>) -> tensor<f32>
      %41 = stablehlo.constant dense<-2.0> : tensor<f32>
      %42 = stablehlo.multiply %40, %41 : tensor<f32>
      %43 = stablehlo.add %31, %42 : tensor<f32>
      %44 = stablehlo.add %35, %43 : tensor<f32>
      %45 = stablehlo.reshape %43 : (tensor<f32>) -> tensor<1xf32>
      %46 = stablehlo.dynamic_update_slice %36, %45, %34 : (tensor<9xf32>, tensor<1xf32>, tensor<i32>) -> tensor<9xf32>
      %47 = stablehlo.add %34, %39 : tensor<i32>
      stablehlo.return %47, %44, %46 : tensor<i32>, tensor<f32>, tensor<9xf32>
    }
    return %12#1, %37#1, %37#2, %30 : tensor<i32>, tensor<f32>, tensor<9xf32>, tensor<i32>
  }
}
