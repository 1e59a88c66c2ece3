module @loopcarry {
  func.func public @main(%arg0: tensor<f32>, %arg1: tensor<i32>) -> (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<7xf32>) {
    %0 = stablehlo.constant dense<0.0> : tensor<f32>
    %1 = stablehlo.compare GT, %arg0, %0, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %2 = stablehlo.constant dense<0> : tensor<i32>
    %3 = stablehlo.constant dense<1> : tensor<i32>
    %4 = stablehlo.select %1, %2, %3 : tensor<i1>, tensor<i32>
    %5 = "stablehlo.case"(%4) ({
      %6 = stablehlo.sqrt %arg0 : tensor<f32>
      stablehlo.return %6 : tensor<f32>
    }, {
      stablehlo.return %arg0 : tensor<f32>
    }) : (tensor<i32>) -> tensor<f32>
    %7 = stablehlo.constant dense<2> : tensor<i32>
    %8 = stablehlo.clamp %2, %arg1, %7 : tensor<i32>
    %9 = "stablehlo.case"(%8) ({
      stablehlo.return %arg0 : tensor<f32>
    }, {
      %10 = stablehlo.constant dense<2.0> : tensor<f32>
      %11 = stablehlo.multiply %arg0, %10 : tensor<f32>
      stablehlo.return %11 : tensor<f32>
    }, {
      %12 = stablehlo.exponential %arg0 : tensor<f32>
      stablehlo.return %12 : tensor<f32>
    }) : (tensor<i32>) -> tensor<f32>
    %13 = stablehlo.constant dense<0> : tensor<i32>
    %16:2 = stablehlo.while(%14 = %13, %15 = %arg0) : tensor<i32>, tensor<f32>
    cond {
      %17 = stablehlo.constant dense<100.0> : tensor<f32>
      %18 = stablehlo.compare LT, %15, %17, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %19 = stablehlo.constant dense<20> : tensor<i32>
      %20 = stablehlo.compare LT, %14, %19, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      %21 = stablehlo.and %20, %18 : tensor<i1>
      stablehlo.return %21 : tensor<i1>
    } do {
      %22 = stablehlo.constant dense<2.0> : tensor<f32>
      %23 = stablehlo.multiply %15, %22 : tensor<f32>
      %24 = stablehlo.constant dense<1> : tensor<i32>
      %25 = stablehlo.add %14, %24 : tensor<i32>
      stablehlo.return %25, %23 : tensor<i32>, tensor<f32>
    }
    %26 = stablehlo.maximum %arg1, %2 : tensor<i32>
    %27 = stablehlo.constant dense<2147483647> : tensor<i32>
    %28 = stablehlo.minimum %26, %27 : tensor<i32>
    %29 = stablehlo.constant dense<0> : tensor<i32>
    %32:2 = stablehlo.while(%30 = %29, %31 = %arg0) : tensor<i32>, tensor<f32>
    cond {
      %33 = stablehlo.compare LT, %30, %28, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %33 : tensor<i1>
    } do {
      %34 = stablehlo.constant dense<1> : tensor<i32>
      %35 = stablehlo.multiply %31, %arg0 : tensor<f32>
      %36 = stablehlo.add %30, %34 : tensor<i32>
      stablehlo.return %36, %35 : tensor<i32>, tensor<f32>
    }
    %37 = stablehlo.constant dense<7> : tensor<i32>
    %38 = stablehlo.constant dense<0> : tensor<i32>
    %39 = stablehlo.constant dense<0.0> : tensor<7xf32>
    %43:3 = stablehlo.while(%40 = %38, %41 = %arg0, %42 = %39) : tensor<i32>, tensor<f32>, tensor<7xf32>
    cond {
      %44 = stablehlo.constant dense<2> : tensor<i32>
      %45 = stablehlo.add %40, %44 : tensor<i32>
      %46 = stablehlo.compare LT, %45, %37, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %46 : tensor<i1>
    } do {
      %47 = stablehlo.constant dense<1> : tensor<i32>
      %48 = stablehlo.multiply %41, %arg0 : tensor<f32>
      %49 = stablehlo.reshape %41 : (tensor<f32>) -> tensor<1xf32>
      %50 = stablehlo.dynamic_update_slice %42, %49, %40 : (tensor<7xf32>, tensor<1xf32>, tensor<i32>) -> tensor<7xf32>
      %51 = stablehlo.add %40, %47 : tensor<i32>
      %52 = stablehlo.constant dense<1> : tensor<i32>
      %53 = stablehlo.multiply %48, %arg0 : tensor<f32>
      %54 = stablehlo.reshape %48 : (tensor<f32>) -> tensor<1xf32>
      %55 = stablehlo.dynamic_update_slice %50, %54, %51 : (tensor<7xf32>, tensor<1xf32>, tensor<i32>) -> tensor<7xf32>
      %56 = stablehlo.add %51, %52 : tensor<i32>
      %57 = stablehlo.constant dense<1> : tensor<i32>
      %58 = stablehlo.multiply %53, %arg0 : tensor<f32>
      %59 = stablehlo.reshape %53 : (tensor<f32>) -> tensor<1xf32>
      %60 = stablehlo.dynamic_update_slice %55, %59, %56 : (tensor<7xf32>, tensor<1xf32>, tensor<i32>) -> tensor<7xf32>
      %61 = stablehlo.add %56, %57 : tensor<i32>
      stablehlo.return %61, %58, %60 : tensor<i32>, tensor<f32>, tensor<7xf32>
    }
    %65:3 = stablehlo.while(%62 = %43#0, %63 = %43#1, %64 = %43#2) : tensor<i32>, tensor<f32>, tensor<7xf32>
    cond {
      %66 = stablehlo.compare LT, %62, %37, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %66 : tensor<i1>
    } do {
      %67 = stablehlo.constant dense<1> : tensor<i32>
      %68 = stablehlo.multiply %63, %arg0 : tensor<f32>
      %69 = stablehlo.reshape %63 : (tensor<f32>) -> tensor<1xf32>
      %70 = stablehlo.dynamic_update_slice %64, %69, %62 : (tensor<7xf32>, tensor<1xf32>, tensor<i32>) -> tensor<7xf32>
      %71 = stablehlo.add %62, %67 : tensor<i32>
      stablehlo.return %71, %68, %70 : tensor<i32>, tensor<f32>, tensor<7xf32>
    }
    return %5, %9, %16#1, %32#1, %65#1, %65#2 : tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<7xf32>
  }
}
