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
      %15 = stablehlo.constant dense<0> : tensor<i32>
      %18:2 = stablehlo.while(%16 = %15, %17 = %4) : tensor<i32>, tensor<f32>
      cond {
        %19 = stablehlo.compare LT, %16, %14, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %19 : tensor<i1>
      } do {
        %20 = stablehlo.constant dense<1> : tensor<i32>
        %21 = stablehlo.add %11, %16 : tensor<i32>
        %22 = stablehlo.convert %21 : (tensor<i32>) -> tensor<f32>
        %23 = stablehlo.constant dense<0.0> : tensor<f32>
        %24 = stablehlo.constant dense<1.0> : tensor<f32>
        %25 = stablehlo.multiply %22, %24 : tensor<f32>
        %26 = stablehlo.add %23, %25 : tensor<f32>
        %27 = stablehlo.multiply %17, %arg0 : tensor<f32>
        %28 = stablehlo.add %27, %26 : tensor<f32>
        %29 = stablehlo.sine %28 : tensor<f32>
        %30 = stablehlo.add %16, %20 : tensor<i32>
        stablehlo.return %30, %29 : tensor<i32>, tensor<f32>
      }
      %31 = stablehlo.reshape %4 : (tensor<f32>) -> tensor<1xf32>
      %32 = stablehlo.dynamic_update_slice %5, %31, %3 : (tensor<3xf32>, tensor<1xf32>, tensor<i32>) -> tensor<3xf32>
      %33 = stablehlo.add %3, %8 : tensor<i32>
      stablehlo.return %33, %18#1, %32 : tensor<i32>, tensor<f32>, tensor<3xf32>
    }
    %34 = stablehlo.constant dense<1.0> : tensor<f32>
    %35 = stablehlo.constant dense<0.0> : tensor<f32>
    %36 = stablehlo.constant dense<3> : tensor<i32>
    %37 = stablehlo.constant dense<0> : tensor<i32>
    %41:3 = stablehlo.while(%38 = %37, %39 = %34, %40 = %35) : tensor<i32>, tensor<f32>, tensor<f32>
    cond {
      %42 = stablehlo.compare LT, %38, %36, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %42 : tensor<i1>
    } do {
      %43 = stablehlo.constant dense<1> : tensor<i32>
      %44 = stablehlo.subtract %36, %43 : tensor<i32>
      %45 = stablehlo.subtract %44, %38 : tensor<i32>
      %46 = stablehlo.dynamic_slice %6#2, %45, sizes = [1] : (tensor<3xf32>, tensor<i32>) -> tensor<1xf32>
      %47 = stablehlo.reshape %46 : (tensor<1xf32>) -> tensor<f32>
      %48 = stablehlo.constant dense<7> : tensor<i32>
      %49 = stablehlo.constant dense<3> : tensor<i32>
      %50 = stablehlo.multiply %45, %49 : tensor<i32>
      %51 = stablehlo.subtract %48, %50 : tensor<i32>
      %52 = stablehlo.constant dense<3> : tensor<i32>
      %53 = stablehlo.minimum %51, %52 : tensor<i32>
      %54 = stablehlo.constant dense<0> : tensor<i32>
      %55 = stablehlo.constant dense<0.0> : tensor<3xf32>
      %56 = stablehlo.constant dense<0.0> : tensor<3xf32>
      %61:4 = stablehlo.while(%57 = %54, %58 = %47, %59 = %55, %60 = %56) : tensor<i32>, tensor<f32>, tensor<3xf32>, tensor<3xf32>
      cond {
        %62 = stablehlo.compare LT, %57, %53, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %62 : tensor<i1>
      } do {
        %63 = stablehlo.constant dense<1> : tensor<i32>
        %64 = stablehlo.add %50, %57 : tensor<i32>
        %65 = stablehlo.convert %64 : (tensor<i32>) -> tensor<f32>
        %66 = stablehlo.constant dense<0.0> : tensor<f32>
        %67 = stablehlo.constant dense<1.0> : tensor<f32>
        %68 = stablehlo.multiply %65, %67 : tensor<f32>
        %69 = stablehlo.add %66, %68 : tensor<f32>
        %70 = stablehlo.multiply %58, %arg0 : tensor<f32>
        %71 = stablehlo.add %70, %69 : tensor<f32>
        %72 = stablehlo.sine %71 : tensor<f32>
        %73 = stablehlo.cosine %71 : tensor<f32>
        %74 = stablehlo.reshape %58 : (tensor<f32>) -> tensor<1xf32>
        %75 = stablehlo.dynamic_update_slice %59, %74, %57 : (tensor<3xf32>, tensor<1xf32>, tensor<i32>) -> tensor<3xf32>
        %76 = stablehlo.reshape %73 : (tensor<f32>) -> tensor<1xf32>
        %77 = stablehlo.dynamic_update_slice %60, %76, %57 : (tensor<3xf32>, tensor<1xf32>, tensor<i32>) -> tensor<3xf32>
        %78 = stablehlo.add %57, %63 : tensor<i32>
        stablehlo.return %78, %72, %75, %77 : tensor<i32>, tensor<f32>, tensor<3xf32>, tensor<3xf32>
      }
      %79 = stablehlo.constant dense<0.0> : tensor<f32>
      %80 = stablehlo.constant dense<0> : tensor<i32>
      %84:3 = stablehlo.while(%81 = %80, %82 = %39, %83 = %79) : tensor<i32>, tensor<f32>, tensor<f32>
      cond {
        %85 = stablehlo.compare LT, %81, %53, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %85 : tensor<i1>
      } do {
        %86 = stablehlo.constant dense<1> : tensor<i32>
        %87 = stablehlo.subtract %53, %86 : tensor<i32>
        %88 = stablehlo.subtract %87, %81 : tensor<i32>
        %89 = stablehlo.dynamic_slice %61#2, %88, sizes = [1] : (tensor<3xf32>, tensor<i32>) -> tensor<1xf32>
        %90 = stablehlo.reshape %89 : (tensor<1xf32>) -> tensor<f32>
        %91 = stablehlo.dynamic_slice %61#3, %88, sizes = [1] : (tensor<3xf32>, tensor<i32>) -> tensor<1xf32>
        %92 = stablehlo.reshape %91 : (tensor<1xf32>) -> tensor<f32>
        %93 = stablehlo.multiply %82, %92 : tensor<f32>
        %94 = stablehlo.multiply %93, %arg0 : tensor<f32>
        %95 = stablehlo.multiply %90, %93 : tensor<f32>
        %96 = stablehlo.add %83, %95 : tensor<f32>
        %97 = stablehlo.add %81, %86 : tensor<i32>
        stablehlo.return %97, %94, %96 : tensor<i32>, tensor<f32>, tensor<f32>
      }
      %98 = stablehlo.add %40, %84#2 : tensor<f32>
      %99 = stablehlo.add %38, %43 : tensor<i32>
      stablehlo.return %99, %84#1, %98 : tensor<i32>, tensor<f32>, tensor<f32>
    }
    %100 = stablehlo.add %41#2, %41#1 : tensor<f32>
    return %100 : tensor<f32>
  }
}
