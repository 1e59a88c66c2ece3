module @loopcarry {
  func.func public @main(%arg0: tensor<f32>, %arg1: tensor<8xf32>) -> (tensor<f32>) {
    %0 = stablehlo.constant dense<8> : tensor<i32>
    %1 = stablehlo.constant dense<0> : tensor<i32>
    %2 = stablehlo.constant dense<0.0> : tensor<8xf32>
    %3 = stablehlo.constant dense<0.0> : tensor<8xf32>
    %8:4 = stablehlo.while(%4 = %1, %5 = %arg0, %6 = %2, %7 = %3) : tensor<i32>, tensor<f32>, tensor<8xf32>, tensor<8xf32>
    cond {
      %9 = stablehlo.compare LT, %4, %0, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %9 : tensor<i1>
    } do {
      %10 = stablehlo.constant dense<1> : tensor<i32>
      %11 = stablehlo.dynamic_slice %arg1, %4, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %12 = stablehlo.reshape %11 : (tensor<1xf32>) -> tensor<f32>
      %13 = stablehlo.multiply %5, %arg0 : tensor<f32>
      %14 = stablehlo.tanh %13 : tensor<f32>
      %15 = stablehlo.constant dense<1.0> : tensor<f32>
      %16 = stablehlo.subtract %15, %14 : tensor<f32>
      %17 = stablehlo.constant dense<1.0> : tensor<f32>
      %18 = stablehlo.add %14, %17 : tensor<f32>
      %19 = stablehlo.multiply %16, %18 : tensor<f32>
      %20 = stablehlo.reshape %5 : (tensor<f32>) -> tensor<1xf32>
      %21 = stablehlo.dynamic_update_slice %6, %20, %4 : (tensor<8xf32>, tensor<1xf32>, tensor<i32>) -> tensor<8xf32>
      %22 = stablehlo.reshape %19 : (tensor<f32>) -> tensor<1xf32>
      %23 = stablehlo.dynamic_update_slice %7, %22, %4 : (tensor<8xf32>, tensor<1xf32>, tensor<i32>) -> tensor<8xf32>
      %24 = stablehlo.add %4, %10 : tensor<i32>
      stablehlo.return %24, %14, %21, %23 : tensor<i32>, tensor<f32>, tensor<8xf32>, tensor<8xf32>
    }
    %25 = stablehlo.constant dense<1.0> : tensor<f32>
    %26 = stablehlo.broadcast_in_dim %25, dims = [] : (tensor<f32>) -> tensor<8xf32>
    %27 = stablehlo.constant dense<0.0> : tensor<f32>
    %28 = stablehlo.constant dense<8> : tensor<i32>
    %29 = stablehlo.constant dense<0> : tensor<i32>
    %33:3 = stablehlo.while(%30 = %29, %31 = %25, %32 = %27) : tensor<i32>, tensor<f32>, tensor<f32>
    cond {
      %34 = stablehlo.compare LT, %30, %28, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %34 : tensor<i1>
    } do {
      %35 = stablehlo.constant dense<1> : tensor<i32>
      %36 = stablehlo.subtract %28, %35 : tensor<i32>
      %37 = stablehlo.subtract %36, %30 : tensor<i32>
      %38 = stablehlo.dynamic_slice %arg1, %37, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %39 = stablehlo.reshape %38 : (tensor<1xf32>) -> tensor<f32>
      %40 = stablehlo.dynamic_slice %8#2, %37, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %41 = stablehlo.reshape %40 : (tensor<1xf32>) -> tensor<f32>
      %42 = stablehlo.dynamic_slice %8#3, %37, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %43 = stablehlo.reshape %42 : (tensor<1xf32>) -> tensor<f32>
      %44 = stablehlo.dynamic_slice %26, %37, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %45 = stablehlo.reshape %44 : (tensor<1xf32>) -> tensor<f32>
      %46 = stablehlo.multiply %45, %39 : tensor<f32>
      %47 = stablehlo.multiply %31, %43 : tensor<f32>
      %48 = stablehlo.multiply %47, %arg0 : tensor<f32>
      %49 = stablehlo.multiply %41, %47 : tensor<f32>
      %50 = stablehlo.add %46, %48 : tensor<f32>
      %51 = stablehlo.add %32, %49 : tensor<f32>
      %52 = stablehlo.add %30, %35 : tensor<i32>
      stablehlo.return %52, %50, %51 : tensor<i32>, tensor<f32>, tensor<f32>
    }
    %53 = stablehlo.add %33#2, %33#1 : tensor<f32>
    return %53 : tensor<f32>
  }
}
