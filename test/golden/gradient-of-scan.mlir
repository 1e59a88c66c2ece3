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
      %11 = stablehlo.multiply %5, %arg0 : tensor<f32>
      %12 = stablehlo.tanh %11 : tensor<f32>
      %13 = stablehlo.constant dense<1.0> : tensor<f32>
      %14 = stablehlo.subtract %13, %12 : tensor<f32>
      %15 = stablehlo.constant dense<1.0> : tensor<f32>
      %16 = stablehlo.add %12, %15 : tensor<f32>
      %17 = stablehlo.multiply %14, %16 : tensor<f32>
      %18 = stablehlo.reshape %5 : (tensor<f32>) -> tensor<1xf32>
      %19 = stablehlo.dynamic_update_slice %6, %18, %4 : (tensor<8xf32>, tensor<1xf32>, tensor<i32>) -> tensor<8xf32>
      %20 = stablehlo.reshape %17 : (tensor<f32>) -> tensor<1xf32>
      %21 = stablehlo.dynamic_update_slice %7, %20, %4 : (tensor<8xf32>, tensor<1xf32>, tensor<i32>) -> tensor<8xf32>
      %22 = stablehlo.add %4, %10 : tensor<i32>
      stablehlo.return %22, %12, %19, %21 : tensor<i32>, tensor<f32>, tensor<8xf32>, tensor<8xf32>
    }
    %23 = stablehlo.constant dense<1.0> : tensor<f32>
    %24 = stablehlo.broadcast_in_dim %23, dims = [] : (tensor<f32>) -> tensor<8xf32>
    %25 = stablehlo.constant dense<0.0> : tensor<f32>
    %26 = stablehlo.constant dense<8> : tensor<i32>
    %27 = stablehlo.constant dense<0> : tensor<i32>
    %31:3 = stablehlo.while(%28 = %27, %29 = %23, %30 = %25) : tensor<i32>, tensor<f32>, tensor<f32>
    cond {
      %32 = stablehlo.compare LT, %28, %26, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %32 : tensor<i1>
    } do {
      %33 = stablehlo.constant dense<1> : tensor<i32>
      %34 = stablehlo.subtract %26, %33 : tensor<i32>
      %35 = stablehlo.subtract %34, %28 : tensor<i32>
      %36 = stablehlo.dynamic_slice %arg1, %35, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %37 = stablehlo.reshape %36 : (tensor<1xf32>) -> tensor<f32>
      %38 = stablehlo.dynamic_slice %8#2, %35, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %39 = stablehlo.reshape %38 : (tensor<1xf32>) -> tensor<f32>
      %40 = stablehlo.dynamic_slice %8#3, %35, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %41 = stablehlo.reshape %40 : (tensor<1xf32>) -> tensor<f32>
      %42 = stablehlo.dynamic_slice %24, %35, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %43 = stablehlo.reshape %42 : (tensor<1xf32>) -> tensor<f32>
      %44 = stablehlo.multiply %43, %37 : tensor<f32>
      %45 = stablehlo.multiply %29, %41 : tensor<f32>
      %46 = stablehlo.multiply %45, %arg0 : tensor<f32>
      %47 = stablehlo.multiply %39, %45 : tensor<f32>
      %48 = stablehlo.add %44, %46 : tensor<f32>
      %49 = stablehlo.add %30, %47 : tensor<f32>
      %50 = stablehlo.add %28, %33 : tensor<i32>
      stablehlo.return %50, %48, %49 : tensor<i32>, tensor<f32>, tensor<f32>
    }
    %51 = stablehlo.add %31#2, %31#1 : tensor<f32>
    return %51 : tensor<f32>
  }
}
