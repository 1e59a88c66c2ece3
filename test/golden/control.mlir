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
    %7 = stablehlo.constant dense<0> : tensor<i32>
    %8 = stablehlo.constant dense<2> : tensor<i32>
    %9 = stablehlo.clamp %7, %arg1, %8 : tensor<i32>
    %10 = "stablehlo.case"(%9) ({
      stablehlo.return %arg0 : tensor<f32>
    }, {
      %11 = stablehlo.constant dense<2.0> : tensor<f32>
      %12 = stablehlo.multiply %arg0, %11 : tensor<f32>
      stablehlo.return %12 : tensor<f32>
    }, {
      %13 = stablehlo.exponential %arg0 : tensor<f32>
      stablehlo.return %13 : tensor<f32>
    }) : (tensor<i32>) -> tensor<f32>
    %14 = stablehlo.constant dense<0> : tensor<i32>
    %17:2 = stablehlo.while(%15 = %14, %16 = %arg0) : tensor<i32>, tensor<f32>
    cond {
      %18 = stablehlo.constant dense<100.0> : tensor<f32>
      %19 = stablehlo.compare LT, %16, %18, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %20 = stablehlo.constant dense<20> : tensor<i32>
      %21 = stablehlo.compare LT, %15, %20, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      %22 = stablehlo.and %21, %19 : tensor<i1>
      stablehlo.return %22 : tensor<i1>
    } do {
      %23 = stablehlo.constant dense<2.0> : tensor<f32>
      %24 = stablehlo.multiply %16, %23 : tensor<f32>
      %25 = stablehlo.constant dense<1> : tensor<i32>
      %26 = stablehlo.add %15, %25 : tensor<i32>
      stablehlo.return %26, %24 : tensor<i32>, tensor<f32>
    }
    %27 = stablehlo.constant dense<0> : tensor<i32>
    %28 = stablehlo.maximum %arg1, %27 : tensor<i32>
    %29 = stablehlo.constant dense<2147483647> : tensor<i32>
    %30 = stablehlo.minimum %28, %29 : tensor<i32>
    %31 = stablehlo.constant dense<0> : tensor<i32>
    %34:2 = stablehlo.while(%32 = %31, %33 = %arg0) : tensor<i32>, tensor<f32>
    cond {
      %35 = stablehlo.compare LT, %32, %30, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %35 : tensor<i1>
    } do {
      %36 = stablehlo.constant dense<1> : tensor<i32>
      %37 = stablehlo.multiply %33, %arg0 : tensor<f32>
      %38 = stablehlo.add %32, %36 : tensor<i32>
      stablehlo.return %38, %37 : tensor<i32>, tensor<f32>
    }
    %39 = stablehlo.constant dense<7> : tensor<i32>
    %40 = stablehlo.constant dense<0> : tensor<i32>
    %41 = stablehlo.constant dense<0.0> : tensor<7xf32>
    %45:3 = stablehlo.while(%42 = %40, %43 = %arg0, %44 = %41) : tensor<i32>, tensor<f32>, tensor<7xf32>
    cond {
      %46 = stablehlo.constant dense<2> : tensor<i32>
      %47 = stablehlo.add %42, %46 : tensor<i32>
      %48 = stablehlo.compare LT, %47, %39, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %48 : tensor<i1>
    } do {
      %49 = stablehlo.constant dense<1> : tensor<i32>
      %50 = stablehlo.multiply %43, %arg0 : tensor<f32>
      %51 = stablehlo.reshape %43 : (tensor<f32>) -> tensor<1xf32>
      %52 = stablehlo.dynamic_update_slice %44, %51, %42 : (tensor<7xf32>, tensor<1xf32>, tensor<i32>) -> tensor<7xf32>
      %53 = stablehlo.add %42, %49 : tensor<i32>
      %54 = stablehlo.constant dense<1> : tensor<i32>
      %55 = stablehlo.multiply %50, %arg0 : tensor<f32>
      %56 = stablehlo.reshape %50 : (tensor<f32>) -> tensor<1xf32>
      %57 = stablehlo.dynamic_update_slice %52, %56, %53 : (tensor<7xf32>, tensor<1xf32>, tensor<i32>) -> tensor<7xf32>
      %58 = stablehlo.add %53, %54 : tensor<i32>
      %59 = stablehlo.constant dense<1> : tensor<i32>
      %60 = stablehlo.multiply %55, %arg0 : tensor<f32>
      %61 = stablehlo.reshape %55 : (tensor<f32>) -> tensor<1xf32>
      %62 = stablehlo.dynamic_update_slice %57, %61, %58 : (tensor<7xf32>, tensor<1xf32>, tensor<i32>) -> tensor<7xf32>
      %63 = stablehlo.add %58, %59 : tensor<i32>
      stablehlo.return %63, %60, %62 : tensor<i32>, tensor<f32>, tensor<7xf32>
    }
    %67:3 = stablehlo.while(%64 = %45#0, %65 = %45#1, %66 = %45#2) : tensor<i32>, tensor<f32>, tensor<7xf32>
    cond {
      %68 = stablehlo.compare LT, %64, %39, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %68 : tensor<i1>
    } do {
      %69 = stablehlo.constant dense<1> : tensor<i32>
      %70 = stablehlo.multiply %65, %arg0 : tensor<f32>
      %71 = stablehlo.reshape %65 : (tensor<f32>) -> tensor<1xf32>
      %72 = stablehlo.dynamic_update_slice %66, %71, %64 : (tensor<7xf32>, tensor<1xf32>, tensor<i32>) -> tensor<7xf32>
      %73 = stablehlo.add %64, %69 : tensor<i32>
      stablehlo.return %73, %70, %72 : tensor<i32>, tensor<f32>, tensor<7xf32>
    }
    return %5, %10, %17#1, %34#1, %67#1, %67#2 : tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<7xf32>
  }
}
