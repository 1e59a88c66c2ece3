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
      %15 = stablehlo.add %12, %13 : tensor<f32>
      %16 = stablehlo.multiply %14, %15 : tensor<f32>
      %17 = stablehlo.reshape %5 : (tensor<f32>) -> tensor<1xf32>
      %18 = stablehlo.dynamic_update_slice %6, %17, %4 : (tensor<8xf32>, tensor<1xf32>, tensor<i32>) -> tensor<8xf32>
      %19 = stablehlo.reshape %16 : (tensor<f32>) -> tensor<1xf32>
      %20 = stablehlo.dynamic_update_slice %7, %19, %4 : (tensor<8xf32>, tensor<1xf32>, tensor<i32>) -> tensor<8xf32>
      %21 = stablehlo.add %4, %10 : tensor<i32>
      stablehlo.return %21, %12, %18, %20 : tensor<i32>, tensor<f32>, tensor<8xf32>, tensor<8xf32>
    }
    %22 = stablehlo.constant dense<1.0> : tensor<f32>
    %23 = stablehlo.constant dense<0.0> : tensor<f32>
    %24 = stablehlo.constant dense<8> : tensor<i32>
    %25 = stablehlo.constant dense<0> : tensor<i32>
    %29:3 = stablehlo.while(%26 = %25, %27 = %22, %28 = %23) : tensor<i32>, tensor<f32>, tensor<f32>
    cond {
      %30 = stablehlo.compare LT, %26, %24, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %30 : tensor<i1>
    } do {
      %31 = stablehlo.constant dense<1> : tensor<i32>
      %32 = stablehlo.subtract %24, %31 : tensor<i32>
      %33 = stablehlo.subtract %32, %26 : tensor<i32>
      %34 = stablehlo.dynamic_slice %arg1, %33, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %35 = stablehlo.reshape %34 : (tensor<1xf32>) -> tensor<f32>
      %36 = stablehlo.dynamic_slice %8#2, %33, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %37 = stablehlo.reshape %36 : (tensor<1xf32>) -> tensor<f32>
      %38 = stablehlo.dynamic_slice %8#3, %33, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %39 = stablehlo.reshape %38 : (tensor<1xf32>) -> tensor<f32>
      %40 = stablehlo.multiply %27, %39 : tensor<f32>
      %41 = stablehlo.multiply %40, %arg0 : tensor<f32>
      %42 = stablehlo.multiply %37, %40 : tensor<f32>
      %43 = stablehlo.add %35, %41 : tensor<f32>
      %44 = stablehlo.add %28, %42 : tensor<f32>
      %45 = stablehlo.add %26, %31 : tensor<i32>
      stablehlo.return %45, %43, %44 : tensor<i32>, tensor<f32>, tensor<f32>
    }
    %46 = stablehlo.add %29#2, %29#1 : tensor<f32>
    return %46 : tensor<f32>
  }
}
