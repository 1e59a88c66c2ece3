module @loopcarry {
  func.func public @main(%arg0: tensor<f32>) -> (tensor<f32>) {
    %0 = stablehlo.constant dense<3> : tensor<i32>
    %1 = stablehlo.constant dense<0> : tensor<i32>
    %2 = stablehlo.constant dense<0.0> : tensor<3xf32>
    %6:3 = stablehlo.while(%3 = %1, %4 = %arg0, %5 = %2) : tensor<i32>, tensor<f32>, tensor<3xf32>
    cond {
      %7 = stablehlo.compare LT, %3, %0, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %7 : tensor<i1>
    } do {
      %8 = stablehlo.constant dense<1> : tensor<i32>
      %9 = stablehlo.constant dense<7> : tensor<i32>
      %10 = stablehlo.constant dense<3> : tensor<i32>
      %11 = stablehlo.multiply %3, %10 : tensor<i32>
      %12 = stablehlo.subtract %9, %11 : tensor<i32>
      %13 = stablehlo.minimum %12, %10 : tensor<i32>
      %14 = stablehlo.constant dense<0> : tensor<i32>
      %17:2 = stablehlo.while(%15 = %14, %16 = %4) : tensor<i32>, tensor<f32>
      cond {
        %18 = stablehlo.compare LT, %15, %13, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %18 : tensor<i1>
      } do {
        %19 = stablehlo.constant dense<1> : tensor<i32>
        %20 = stablehlo.add %11, %15 : tensor<i32>
        %21 = stablehlo.convert %20 : (tensor<i32>) -> tensor<f32>
        %22 = stablehlo.multiply %16, %arg0 : tensor<f32>
        %23 = stablehlo.add %22, %21 : tensor<f32>
        %24 = stablehlo.sine %23 : tensor<f32>
        %25 = stablehlo.add %15, %19 : tensor<i32>
        stablehlo.return %25, %24 : tensor<i32>, tensor<f32>
      }
      %26 = stablehlo.reshape %4 : (tensor<f32>) -> tensor<1xf32>
      %27 = stablehlo.dynamic_update_slice %5, %26, %3 : (tensor<3xf32>, tensor<1xf32>, tensor<i32>) -> tensor<3xf32>
      %28 = stablehlo.add %3, %8 : tensor<i32>
      stablehlo.return %28, %17#1, %27 : tensor<i32>, tensor<f32>, tensor<3xf32>
    }
    %29 = stablehlo.constant dense<1.0> : tensor<f32>
    %30 = stablehlo.constant dense<0.0> : tensor<f32>
    %31 = stablehlo.constant dense<3> : tensor<i32>
    %32 = stablehlo.constant dense<0> : tensor<i32>
    %36:3 = stablehlo.while(%33 = %32, %34 = %29, %35 = %30) : tensor<i32>, tensor<f32>, tensor<f32>
    cond {
      %37 = stablehlo.compare LT, %33, %31, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %37 : tensor<i1>
    } do {
      %38 = stablehlo.constant dense<1> : tensor<i32>
      %39 = stablehlo.subtract %31, %38 : tensor<i32>
      %40 = stablehlo.subtract %39, %33 : tensor<i32>
      %41 = stablehlo.dynamic_slice %6#2, %40, sizes = [1] : (tensor<3xf32>, tensor<i32>) -> tensor<1xf32>
      %42 = stablehlo.reshape %41 : (tensor<1xf32>) -> tensor<f32>
      %43 = stablehlo.constant dense<7> : tensor<i32>
      %44 = stablehlo.constant dense<3> : tensor<i32>
      %45 = stablehlo.multiply %40, %44 : tensor<i32>
      %46 = stablehlo.subtract %43, %45 : tensor<i32>
      %47 = stablehlo.minimum %46, %44 : tensor<i32>
      %48 = stablehlo.constant dense<0> : tensor<i32>
      %49 = stablehlo.constant dense<0.0> : tensor<3xf32>
      %50 = stablehlo.constant dense<0.0> : tensor<3xf32>
      %55:4 = stablehlo.while(%51 = %48, %52 = %42, %53 = %49, %54 = %50) : tensor<i32>, tensor<f32>, tensor<3xf32>, tensor<3xf32>
      cond {
        %56 = stablehlo.compare LT, %51, %47, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %56 : tensor<i1>
      } do {
        %57 = stablehlo.constant dense<1> : tensor<i32>
        %58 = stablehlo.add %45, %51 : tensor<i32>
        %59 = stablehlo.convert %58 : (tensor<i32>) -> tensor<f32>
        %60 = stablehlo.multiply %52, %arg0 : tensor<f32>
        %61 = stablehlo.add %60, %59 : tensor<f32>
        %62 = stablehlo.sine %61 : tensor<f32>
        %63 = stablehlo.cosine %61 : tensor<f32>
        %64 = stablehlo.reshape %52 : (tensor<f32>) -> tensor<1xf32>
        %65 = stablehlo.dynamic_update_slice %53, %64, %51 : (tensor<3xf32>, tensor<1xf32>, tensor<i32>) -> tensor<3xf32>
        %66 = stablehlo.reshape %63 : (tensor<f32>) -> tensor<1xf32>
        %67 = stablehlo.dynamic_update_slice %54, %66, %51 : (tensor<3xf32>, tensor<1xf32>, tensor<i32>) -> tensor<3xf32>
        %68 = stablehlo.add %51, %57 : tensor<i32>
        stablehlo.return %68, %62, %65, %67 : tensor<i32>, tensor<f32>, tensor<3xf32>, tensor<3xf32>
      }
      %69 = stablehlo.constant dense<0.0> : tensor<f32>
      %70 = stablehlo.constant dense<0> : tensor<i32>
      %74:3 = stablehlo.while(%71 = %70, %72 = %34, %73 = %69) : tensor<i32>, tensor<f32>, tensor<f32>
      cond {
        %75 = stablehlo.compare LT, %71, %47, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %75 : tensor<i1>
      } do {
        %76 = stablehlo.constant dense<1> : tensor<i32>
        %77 = stablehlo.subtract %47, %76 : tensor<i32>
        %78 = stablehlo.subtract %77, %71 : tensor<i32>
        %79 = stablehlo.dynamic_slice %55#2, %78, sizes = [1] : (tensor<3xf32>, tensor<i32>) -> tensor<1xf32>
        %80 = stablehlo.reshape %79 : (tensor<1xf32>) -> tensor<f32>
        %81 = stablehlo.dynamic_slice %55#3, %78, sizes = [1] : (tensor<3xf32>, tensor<i32>) -> tensor<1xf32>
        %82 = stablehlo.reshape %81 : (tensor<1xf32>) -> tensor<f32>
        %83 = stablehlo.multiply %72, %82 : tensor<f32>
        %84 = stablehlo.multiply %83, %arg0 : tensor<f32>
        %85 = stablehlo.multiply %80, %83 : tensor<f32>
        %86 = stablehlo.add %73, %85 : tensor<f32>
        %87 = stablehlo.add %71, %76 : tensor<i32>
        stablehlo.return %87, %84, %86 : tensor<i32>, tensor<f32>, tensor<f32>
      }
      %88 = stablehlo.add %35, %74#2 : tensor<f32>
      %89 = stablehlo.add %33, %38 : tensor<i32>
      stablehlo.return %89, %74#1, %88 : tensor<i32>, tensor<f32>, tensor<f32>
    }
    %90 = stablehlo.add %36#2, %36#1 : tensor<f32>
    return %90 : tensor<f32>
  }
}
