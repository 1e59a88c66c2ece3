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
      %13 = stablehlo.constant dense<3> : tensor<i32>
      %14 = stablehlo.minimum %12, %13 : tensor<i32>
      %15 = stablehlo.convert %11 : (tensor<i32>) -> tensor<f32>
      %16 = stablehlo.constant dense<1.0> : tensor<f32>
      %17 = stablehlo.multiply %15, %16 : tensor<f32>
      %18 = stablehlo.constant dense<0.0> : tensor<f32>
      %19 = stablehlo.add %18, %17 : tensor<f32>
      %20 = stablehlo.constant dense<0> : tensor<i32>
      %23:2 = stablehlo.while(%21 = %20, %22 = %4) : tensor<i32>, tensor<f32>
      cond {
        %24 = stablehlo.compare LT, %21, %14, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %24 : tensor<i1>
      } do {
        %25 = stablehlo.constant dense<1> : tensor<i32>
        %26 = stablehlo.convert %21 : (tensor<i32>) -> tensor<f32>
        %27 = stablehlo.add %19, %26 : tensor<f32>
        %28 = stablehlo.multiply %22, %arg0 : tensor<f32>
        %29 = stablehlo.add %28, %27 : tensor<f32>
        %30 = stablehlo.sine %29 : tensor<f32>
        %31 = stablehlo.add %21, %25 : tensor<i32>
        stablehlo.return %31, %30 : tensor<i32>, tensor<f32>
      }
      %32 = stablehlo.reshape %4 : (tensor<f32>) -> tensor<1xf32>
      %33 = stablehlo.dynamic_update_slice %5, %32, %3 : (tensor<3xf32>, tensor<1xf32>, tensor<i32>) -> tensor<3xf32>
      %34 = stablehlo.add %3, %8 : tensor<i32>
      stablehlo.return %34, %23#1, %33 : tensor<i32>, tensor<f32>, tensor<3xf32>
    }
    %35 = stablehlo.constant dense<1.0> : tensor<f32>
    %36 = stablehlo.constant dense<0.0> : tensor<f32>
    %37 = stablehlo.constant dense<3> : tensor<i32>
    %38 = stablehlo.constant dense<0> : tensor<i32>
    %42:3 = stablehlo.while(%39 = %38, %40 = %35, %41 = %36) : tensor<i32>, tensor<f32>, tensor<f32>
    cond {
      %43 = stablehlo.compare LT, %39, %37, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %43 : tensor<i1>
    } do {
      %44 = stablehlo.constant dense<1> : tensor<i32>
      %45 = stablehlo.subtract %37, %44 : tensor<i32>
      %46 = stablehlo.subtract %45, %39 : tensor<i32>
      %47 = stablehlo.dynamic_slice %6#2, %46, sizes = [1] : (tensor<3xf32>, tensor<i32>) -> tensor<1xf32>
      %48 = stablehlo.reshape %47 : (tensor<1xf32>) -> tensor<f32>
      %49 = stablehlo.constant dense<7> : tensor<i32>
      %50 = stablehlo.constant dense<3> : tensor<i32>
      %51 = stablehlo.multiply %46, %50 : tensor<i32>
      %52 = stablehlo.subtract %49, %51 : tensor<i32>
      %53 = stablehlo.constant dense<3> : tensor<i32>
      %54 = stablehlo.minimum %52, %53 : tensor<i32>
      %55 = stablehlo.convert %51 : (tensor<i32>) -> tensor<f32>
      %56 = stablehlo.constant dense<1.0> : tensor<f32>
      %57 = stablehlo.multiply %55, %56 : tensor<f32>
      %58 = stablehlo.constant dense<0.0> : tensor<f32>
      %59 = stablehlo.add %58, %57 : tensor<f32>
      %60 = stablehlo.constant dense<0> : tensor<i32>
      %61 = stablehlo.constant dense<0.0> : tensor<3xf32>
      %62 = stablehlo.constant dense<0.0> : tensor<3xf32>
      %67:4 = stablehlo.while(%63 = %60, %64 = %48, %65 = %61, %66 = %62) : tensor<i32>, tensor<f32>, tensor<3xf32>, tensor<3xf32>
      cond {
        %68 = stablehlo.compare LT, %63, %54, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %68 : tensor<i1>
      } do {
        %69 = stablehlo.constant dense<1> : tensor<i32>
        %70 = stablehlo.convert %63 : (tensor<i32>) -> tensor<f32>
        %71 = stablehlo.add %59, %70 : tensor<f32>
        %72 = stablehlo.multiply %64, %arg0 : tensor<f32>
        %73 = stablehlo.add %72, %71 : tensor<f32>
        %74 = stablehlo.sine %73 : tensor<f32>
        %75 = stablehlo.cosine %73 : tensor<f32>
        %76 = stablehlo.reshape %64 : (tensor<f32>) -> tensor<1xf32>
        %77 = stablehlo.dynamic_update_slice %65, %76, %63 : (tensor<3xf32>, tensor<1xf32>, tensor<i32>) -> tensor<3xf32>
        %78 = stablehlo.reshape %75 : (tensor<f32>) -> tensor<1xf32>
        %79 = stablehlo.dynamic_update_slice %66, %78, %63 : (tensor<3xf32>, tensor<1xf32>, tensor<i32>) -> tensor<3xf32>
        %80 = stablehlo.add %63, %69 : tensor<i32>
        stablehlo.return %80, %74, %77, %79 : tensor<i32>, tensor<f32>, tensor<3xf32>, tensor<3xf32>
      }
      %81 = stablehlo.constant dense<0.0> : tensor<f32>
      %82 = stablehlo.constant dense<0> : tensor<i32>
      %86:3 = stablehlo.while(%83 = %82, %84 = %40, %85 = %81) : tensor<i32>, tensor<f32>, tensor<f32>
      cond {
        %87 = stablehlo.compare LT, %83, %54, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %87 : tensor<i1>
      } do {
        %88 = stablehlo.constant dense<1> : tensor<i32>
        %89 = stablehlo.subtract %54, %88 : tensor<i32>
        %90 = stablehlo.subtract %89, %83 : tensor<i32>
        %91 = stablehlo.dynamic_slice %67#2, %90, sizes = [1] : (tensor<3xf32>, tensor<i32>) -> tensor<1xf32>
        %92 = stablehlo.reshape %91 : (tensor<1xf32>) -> tensor<f32>
        %93 = stablehlo.dynamic_slice %67#3, %90, sizes = [1] : (tensor<3xf32>, tensor<i32>) -> tensor<1xf32>
        %94 = stablehlo.reshape %93 : (tensor<1xf32>) -> tensor<f32>
        %95 = stablehlo.multiply %84, %94 : tensor<f32>
        %96 = stablehlo.multiply %95, %arg0 : tensor<f32>
        %97 = stablehlo.multiply %92, %95 : tensor<f32>
        %98 = stablehlo.add %85, %97 : tensor<f32>
        %99 = stablehlo.add %83, %88 : tensor<i32>
        stablehlo.return %99, %96, %98 : tensor<i32>, tensor<f32>, tensor<f32>
      }
      %100 = stablehlo.add %41, %86#2 : tensor<f32>
      %101 = stablehlo.add %39, %44 : tensor<i32>
      stablehlo.return %101, %86#1, %100 : tensor<i32>, tensor<f32>, tensor<f32>
    }
    %102 = stablehlo.add %42#2, %42#1 : tensor<f32>
    return %102 : tensor<f32>
  }
}
