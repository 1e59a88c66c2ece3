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
        %23 = stablehlo.multiply %17, %arg0 : tensor<f32>
        %24 = stablehlo.add %23, %22 : tensor<f32>
        %25 = stablehlo.sine %24 : tensor<f32>
        %26 = stablehlo.add %16, %20 : tensor<i32>
        stablehlo.return %26, %25 : tensor<i32>, tensor<f32>
      }
      %27 = stablehlo.reshape %4 : (tensor<f32>) -> tensor<1xf32>
      %28 = stablehlo.dynamic_update_slice %5, %27, %3 : (tensor<3xf32>, tensor<1xf32>, tensor<i32>) -> tensor<3xf32>
      %29 = stablehlo.add %3, %8 : tensor<i32>
      stablehlo.return %29, %18#1, %28 : tensor<i32>, tensor<f32>, tensor<3xf32>
    }
    %30 = stablehlo.constant dense<1.0> : tensor<f32>
    %31 = stablehlo.constant dense<0.0> : tensor<f32>
    %32 = stablehlo.constant dense<3> : tensor<i32>
    %33 = stablehlo.constant dense<0> : tensor<i32>
    %37:3 = stablehlo.while(%34 = %33, %35 = %30, %36 = %31) : tensor<i32>, tensor<f32>, tensor<f32>
    cond {
      %38 = stablehlo.compare LT, %34, %32, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %38 : tensor<i1>
    } do {
      %39 = stablehlo.constant dense<1> : tensor<i32>
      %40 = stablehlo.subtract %32, %39 : tensor<i32>
      %41 = stablehlo.subtract %40, %34 : tensor<i32>
      %42 = stablehlo.dynamic_slice %6#2, %41, sizes = [1] : (tensor<3xf32>, tensor<i32>) -> tensor<1xf32>
      %43 = stablehlo.reshape %42 : (tensor<1xf32>) -> tensor<f32>
      %44 = stablehlo.constant dense<7> : tensor<i32>
      %45 = stablehlo.constant dense<3> : tensor<i32>
      %46 = stablehlo.multiply %41, %45 : tensor<i32>
      %47 = stablehlo.subtract %44, %46 : tensor<i32>
      %48 = stablehlo.constant dense<3> : tensor<i32>
      %49 = stablehlo.minimum %47, %48 : tensor<i32>
      %50 = stablehlo.constant dense<0> : tensor<i32>
      %51 = stablehlo.constant dense<0.0> : tensor<3xf32>
      %52 = stablehlo.constant dense<0.0> : tensor<3xf32>
      %57:4 = stablehlo.while(%53 = %50, %54 = %43, %55 = %51, %56 = %52) : tensor<i32>, tensor<f32>, tensor<3xf32>, tensor<3xf32>
      cond {
        %58 = stablehlo.compare LT, %53, %49, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %58 : tensor<i1>
      } do {
        %59 = stablehlo.constant dense<1> : tensor<i32>
        %60 = stablehlo.add %46, %53 : tensor<i32>
        %61 = stablehlo.convert %60 : (tensor<i32>) -> tensor<f32>
        %62 = stablehlo.multiply %54, %arg0 : tensor<f32>
        %63 = stablehlo.add %62, %61 : tensor<f32>
        %64 = stablehlo.sine %63 : tensor<f32>
        %65 = stablehlo.cosine %63 : tensor<f32>
        %66 = stablehlo.reshape %54 : (tensor<f32>) -> tensor<1xf32>
        %67 = stablehlo.dynamic_update_slice %55, %66, %53 : (tensor<3xf32>, tensor<1xf32>, tensor<i32>) -> tensor<3xf32>
        %68 = stablehlo.reshape %65 : (tensor<f32>) -> tensor<1xf32>
        %69 = stablehlo.dynamic_update_slice %56, %68, %53 : (tensor<3xf32>, tensor<1xf32>, tensor<i32>) -> tensor<3xf32>
        %70 = stablehlo.add %53, %59 : tensor<i32>
        stablehlo.return %70, %64, %67, %69 : tensor<i32>, tensor<f32>, tensor<3xf32>, tensor<3xf32>
      }
      %71 = stablehlo.constant dense<0.0> : tensor<f32>
      %72 = stablehlo.constant dense<0> : tensor<i32>
      %76:3 = stablehlo.while(%73 = %72, %74 = %35, %75 = %71) : tensor<i32>, tensor<f32>, tensor<f32>
      cond {
        %77 = stablehlo.compare LT, %73, %49, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %77 : tensor<i1>
      } do {
        %78 = stablehlo.constant dense<1> : tensor<i32>
        %79 = stablehlo.subtract %49, %78 : tensor<i32>
        %80 = stablehlo.subtract %79, %73 : tensor<i32>
        %81 = stablehlo.dynamic_slice %57#2, %80, sizes = [1] : (tensor<3xf32>, tensor<i32>) -> tensor<1xf32>
        %82 = stablehlo.reshape %81 : (tensor<1xf32>) -> tensor<f32>
        %83 = stablehlo.dynamic_slice %57#3, %80, sizes = [1] : (tensor<3xf32>, tensor<i32>) -> tensor<1xf32>
        %84 = stablehlo.reshape %83 : (tensor<1xf32>) -> tensor<f32>
        %85 = stablehlo.multiply %74, %84 : tensor<f32>
        %86 = stablehlo.multiply %85, %arg0 : tensor<f32>
        %87 = stablehlo.multiply %82, %85 : tensor<f32>
        %88 = stablehlo.add %75, %87 : tensor<f32>
        %89 = stablehlo.add %73, %78 : tensor<i32>
        stablehlo.return %89, %86, %88 : tensor<i32>, tensor<f32>, tensor<f32>
      }
      %90 = stablehlo.add %36, %76#2 : tensor<f32>
      %91 = stablehlo.add %34, %39 : tensor<i32>
      stablehlo.return %91, %76#1, %90 : tensor<i32>, tensor<f32>, tensor<f32>
    }
    %92 = stablehlo.add %37#2, %37#1 : tensor<f32>
    return %92 : tensor<f32>
  }
}
