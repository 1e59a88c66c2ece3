module @loopcarry {
  func.func public @main(%arg0: tensor<f32>, %arg1: tensor<8xf32>) -> (tensor<f32>) {
    %0 = stablehlo.constant dense<8> : tensor<i32>
    %1 = stablehlo.constant dense<0> : tensor<i32>
    %2 = stablehlo.constant dense<0.0> : tensor<8xf32>
    %6:3 = stablehlo.while(%3 = %1, %4 = %arg0, %5 = %2) : tensor<i32>, tensor<f32>, tensor<8xf32>
    cond {
      %7 = stablehlo.compare LT, %3, %0, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %7 : tensor<i1>
    } do {
      %8 = stablehlo.constant dense<1> : tensor<i32>
      %9 = stablehlo.multiply %4, %arg0 : tensor<f32>
      %10 = stablehlo.tanh %9 : tensor<f32>
      %11 = stablehlo.reshape %10 : (tensor<f32>) -> tensor<1xf32>
      %12 = stablehlo.dynamic_update_slice %5, %11, %3 : (tensor<8xf32>, tensor<1xf32>, tensor<i32>) -> tensor<8xf32>
      %13 = stablehlo.add %3, %8 : tensor<i32>
      stablehlo.return %13, %10, %12 : tensor<i32>, tensor<f32>, tensor<8xf32>
    }
    %14 = stablehlo.constant dense<1.0> : tensor<f32>
    %15 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<f32>) -> tensor<8xf32>
    %16 = stablehlo.reshape %arg0 : (tensor<f32>) -> tensor<1xf32>
    %17 = stablehlo.slice %6#2 [0:7] : (tensor<8xf32>) -> tensor<7xf32>
    %18 = stablehlo.concatenate %16, %17, dim = 0 : (tensor<1xf32>, tensor<7xf32>) -> tensor<8xf32>
    %19 = stablehlo.constant dense<0.0> : tensor<f32>
    %20 = stablehlo.constant dense<8> : tensor<i32>
    %21 = stablehlo.constant dense<0> : tensor<i32>
    %25:3 = stablehlo.while(%22 = %21, %23 = %14, %24 = %19) : tensor<i32>, tensor<f32>, tensor<f32>
    cond {
      %26 = stablehlo.compare LT, %22, %20, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %26 : tensor<i1>
    } do {
      %27 = stablehlo.constant dense<1> : tensor<i32>
      %28 = stablehlo.subtract %20, %27 : tensor<i32>
      %29 = stablehlo.subtract %28, %22 : tensor<i32>
      %30 = stablehlo.dynamic_slice %arg1, %29, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %31 = stablehlo.reshape %30 : (tensor<1xf32>) -> tensor<f32>
      %32 = stablehlo.dynamic_slice %18, %29, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %33 = stablehlo.reshape %32 : (tensor<1xf32>) -> tensor<f32>
      %34 = stablehlo.dynamic_slice %6#2, %29, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %35 = stablehlo.reshape %34 : (tensor<1xf32>) -> tensor<f32>
      %36 = stablehlo.dynamic_slice %15, %29, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %37 = stablehlo.reshape %36 : (tensor<1xf32>) -> tensor<f32>
      %38 = stablehlo.multiply %37, %31 : tensor<f32>
      %39 = stablehlo.constant dense<1.0> : tensor<f32>
      %40 = stablehlo.subtract %39, %35 : tensor<f32>
      %41 = stablehlo.constant dense<1.0> : tensor<f32>
      %42 = stablehlo.add %35, %41 : tensor<f32>
      %43 = stablehlo.multiply %40, %42 : tensor<f32>
      %44 = stablehlo.multiply %23, %43 : tensor<f32>
      %45 = stablehlo.multiply %44, %arg0 : tensor<f32>
      %46 = stablehlo.multiply %33, %44 : tensor<f32>
      %47 = stablehlo.add %38, %45 : tensor<f32>
      %48 = stablehlo.add %24, %46 : tensor<f32>
      %49 = stablehlo.add %22, %27 : tensor<i32>
      stablehlo.return %49, %47, %48 : tensor<i32>, tensor<f32>, tensor<f32>
    }
    %50 = stablehlo.add %25#2, %25#1 : tensor<f32>
    return %50 : tensor<f32>
  }
}
