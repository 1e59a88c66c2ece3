module @loopcarry {
  func.func public @main(%arg0: tensor<4x3xf32>, %arg1: tensor<2xi32>) -> (tensor<2x3xf32>, tensor<4x1xf32>, tensor<4x3xf32>, tensor<4x3xf32>, tensor<2x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xi32>, tensor<4x2xf32>, tensor<4x2xi32>, tensor<3xi32>) {
    %0 = stablehlo.constant dense<4> : tensor<2xi32>
    %1 = stablehlo.add %arg1, %0 : tensor<2xi32>
    %2 = stablehlo.constant dense<0> : tensor<2xi32>
    %3 = stablehlo.compare LT, %arg1, %2, SIGNED : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
    %4 = stablehlo.select %3, %1, %arg1 : tensor<2xi1>, tensor<2xi32>
    %5 = stablehlo.compare GE, %4, %2, SIGNED : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
    %6 = stablehlo.compare LT, %4, %0, SIGNED : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
    %7 = stablehlo.and %5, %6 : tensor<2xi1>
    %8 = stablehlo.constant dense<3> : tensor<2xi32>
    %9 = stablehlo.clamp %2, %4, %8 : tensor<2xi32>
    %10 = stablehlo.reshape %9 : (tensor<2xi32>) -> tensor<2x1xi32>
    %11 = "stablehlo.gather"(%arg0, %10) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], operand_batching_dims = [], start_indices_batching_dims = [], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 3>, indices_are_sorted = false}> : (tensor<4x3xf32>, tensor<2x1xi32>) -> tensor<2x3xf32>
    %12 = stablehlo.broadcast_in_dim %7, dims = [0] : (tensor<2xi1>) -> tensor<2x3xi1>
    %13 = stablehlo.constant dense<0x7FC00000> : tensor<2x3xf32>
    %14 = stablehlo.select %12, %11, %13 : tensor<2x3xi1>, tensor<2x3xf32>
    %15 = stablehlo.constant dense<[[[0]], [[2]], [[1]], [[0]]]> : tensor<4x1x1xi32>
    %16 = "stablehlo.gather"(%arg0, %15) <{dimension_numbers = #stablehlo.gather<offset_dims = [], collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1>, indices_are_sorted = false}> : (tensor<4x3xf32>, tensor<4x1x1xi32>) -> tensor<4x1xf32>
    %17 = stablehlo.reshape %4 : (tensor<2xi32>) -> tensor<2x1xi32>
    %18 = stablehlo.constant dense<0.0> : tensor<2x3xf32>
    %19 = "stablehlo.scatter"(%arg0, %17, %18) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], input_batching_dims = [], scatter_indices_batching_dims = [], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, indices_are_sorted = false, unique_indices = false}> ({
    ^bb0(%20: tensor<f32>, %21: tensor<f32>):
      stablehlo.return %21 : tensor<f32>
    }) : (tensor<4x3xf32>, tensor<2x1xi32>, tensor<2x3xf32>) -> tensor<4x3xf32>
    %22 = stablehlo.constant dense<1> : tensor<2x1xi32>
    %23 = stablehlo.concatenate %17, %22, dim = 1 : (tensor<2x1xi32>, tensor<2x1xi32>) -> tensor<2x2xi32>
    %24 = stablehlo.constant dense<1.0> : tensor<2xf32>
    %25 = "stablehlo.scatter"(%arg0, %23, %24) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [], inserted_window_dims = [0, 1], input_batching_dims = [], scatter_indices_batching_dims = [], scatter_dims_to_operand_dims = [0, 1], index_vector_dim = 1>, indices_are_sorted = false, unique_indices = false}> ({
    ^bb0(%26: tensor<f32>, %27: tensor<f32>):
      %28 = stablehlo.add %26, %27 : tensor<f32>
      stablehlo.return %28 : tensor<f32>
    }) : (tensor<4x3xf32>, tensor<2x2xi32>, tensor<2xf32>) -> tensor<4x3xf32>
    %29 = stablehlo.constant dense<0> : tensor<1xi32>
    %30 = "stablehlo.gather"(%arg1, %29) <{dimension_numbers = #stablehlo.gather<offset_dims = [], collapsed_slice_dims = [0], operand_batching_dims = [], start_indices_batching_dims = [], start_index_map = [0], index_vector_dim = 0>, slice_sizes = array<i64: 1>, indices_are_sorted = false}> : (tensor<2xi32>, tensor<1xi32>) -> tensor<i32>
    %31 = stablehlo.constant dense<4> : tensor<i32>
    %32 = stablehlo.add %30, %31 : tensor<i32>
    %33 = stablehlo.constant dense<0> : tensor<i32>
    %34 = stablehlo.compare LT, %30, %33, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %35 = stablehlo.select %34, %32, %30 : tensor<i1>, tensor<i32>
    %36 = stablehlo.dynamic_slice %arg0, %35, %33, sizes = [2, 3] : (tensor<4x3xf32>, tensor<i32>, tensor<i32>) -> tensor<2x3xf32>
    %37 = stablehlo.constant dense<1> : tensor<1xi32>
    %38 = "stablehlo.gather"(%arg1, %37) <{dimension_numbers = #stablehlo.gather<offset_dims = [], collapsed_slice_dims = [0], operand_batching_dims = [], start_indices_batching_dims = [], start_index_map = [0], index_vector_dim = 0>, slice_sizes = array<i64: 1>, indices_are_sorted = false}> : (tensor<2xi32>, tensor<1xi32>) -> tensor<i32>
    %39 = stablehlo.add %38, %31 : tensor<i32>
    %40 = stablehlo.compare LT, %38, %33, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %41 = stablehlo.select %40, %39, %38 : tensor<i1>, tensor<i32>
    %42 = stablehlo.constant dense<0.0> : tensor<1x3xf32>
    %43 = stablehlo.dynamic_update_slice %arg0, %42, %41, %33 : (tensor<4x3xf32>, tensor<1x3xf32>, tensor<i32>, tensor<i32>) -> tensor<4x3xf32>
    %44 = "stablehlo.sort"(%arg0) <{dimension = 1 : i64, is_stable = true}> ({
    ^bb0(%45: tensor<f32>, %46: tensor<f32>):
      %47 = stablehlo.constant dense<0.0> : tensor<f32>
      %48 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %49 = stablehlo.compare EQ, %45, %47, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %50 = stablehlo.select %49, %47, %45 : tensor<i1>, tensor<f32>
      %51 = stablehlo.compare NE, %45, %45, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %52 = stablehlo.select %51, %48, %50 : tensor<i1>, tensor<f32>
      %53 = stablehlo.constant dense<0.0> : tensor<f32>
      %54 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %55 = stablehlo.compare EQ, %46, %53, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %56 = stablehlo.select %55, %53, %46 : tensor<i1>, tensor<f32>
      %57 = stablehlo.compare NE, %46, %46, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %58 = stablehlo.select %57, %54, %56 : tensor<i1>, tensor<f32>
      %59 = stablehlo.compare LT, %52, %58, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %59 : tensor<i1>
    }) : (tensor<4x3xf32>) -> tensor<4x3xf32>
    %60 = stablehlo.iota dim = 0 : tensor<4xi32>
    %61 = stablehlo.broadcast_in_dim %60, dims = [0] : (tensor<4xi32>) -> tensor<4x3xi32>
    %62:2 = "stablehlo.sort"(%arg0, %61) <{dimension = 0 : i64, is_stable = true}> ({
    ^bb0(%63: tensor<f32>, %64: tensor<f32>, %65: tensor<i32>, %66: tensor<i32>):
      %67 = stablehlo.constant dense<0.0> : tensor<f32>
      %68 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %69 = stablehlo.compare EQ, %63, %67, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %70 = stablehlo.select %69, %67, %63 : tensor<i1>, tensor<f32>
      %71 = stablehlo.compare NE, %63, %63, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %72 = stablehlo.select %71, %68, %70 : tensor<i1>, tensor<f32>
      %73 = stablehlo.constant dense<0.0> : tensor<f32>
      %74 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %75 = stablehlo.compare EQ, %64, %73, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %76 = stablehlo.select %75, %73, %64 : tensor<i1>, tensor<f32>
      %77 = stablehlo.compare NE, %64, %64, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %78 = stablehlo.select %77, %74, %76 : tensor<i1>, tensor<f32>
      %79 = stablehlo.compare GT, %72, %78, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %79 : tensor<i1>
    }) : (tensor<4x3xf32>, tensor<4x3xi32>) -> (tensor<4x3xf32>, tensor<4x3xi32>)
    %80 = stablehlo.iota dim = 0 : tensor<3xi32>
    %81 = stablehlo.broadcast_in_dim %80, dims = [1] : (tensor<3xi32>) -> tensor<4x3xi32>
    %82:2 = "stablehlo.sort"(%arg0, %81) <{dimension = 1 : i64, is_stable = true}> ({
    ^bb0(%83: tensor<f32>, %84: tensor<f32>, %85: tensor<i32>, %86: tensor<i32>):
      %87 = stablehlo.constant dense<0.0> : tensor<f32>
      %88 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %89 = stablehlo.compare EQ, %83, %87, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %90 = stablehlo.select %89, %87, %83 : tensor<i1>, tensor<f32>
      %91 = stablehlo.compare NE, %83, %83, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %92 = stablehlo.select %91, %88, %90 : tensor<i1>, tensor<f32>
      %93 = stablehlo.constant dense<0.0> : tensor<f32>
      %94 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %95 = stablehlo.compare EQ, %84, %93, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %96 = stablehlo.select %95, %93, %84 : tensor<i1>, tensor<f32>
      %97 = stablehlo.compare NE, %84, %84, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %98 = stablehlo.select %97, %94, %96 : tensor<i1>, tensor<f32>
      %99 = stablehlo.compare GT, %92, %98, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %99 : tensor<i1>
    }) : (tensor<4x3xf32>, tensor<4x3xi32>) -> (tensor<4x3xf32>, tensor<4x3xi32>)
    %100 = stablehlo.slice %82#0 [0:4, 0:2] : (tensor<4x3xf32>) -> tensor<4x2xf32>
    %101 = stablehlo.slice %82#1 [0:4, 0:2] : (tensor<4x3xi32>) -> tensor<4x2xi32>
    %102 = stablehlo.iota dim = 0 : tensor<4x3xi32>
    %103 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %104 = stablehlo.constant dense<0> : tensor<i32>
    %105:2 = "stablehlo.reduce"(%arg0, %102, %103, %104) <{dimensions = array<i64: 0>}> ({
    ^bb0(%106: tensor<f32>, %107: tensor<i32>, %108: tensor<f32>, %109: tensor<i32>):
      %110 = stablehlo.compare GT, %106, %108, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %111 = stablehlo.compare EQ, %106, %108, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %112 = stablehlo.compare NE, %106, %106, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %113 = stablehlo.compare NE, %108, %108, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %114 = stablehlo.not %113 : tensor<i1>
      %115 = stablehlo.and %112, %114 : tensor<i1>
      %116 = stablehlo.or %110, %115 : tensor<i1>
      %117 = stablehlo.and %112, %113 : tensor<i1>
      %118 = stablehlo.or %111, %117 : tensor<i1>
      %119 = stablehlo.compare LT, %107, %109, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      %120 = stablehlo.and %118, %119 : tensor<i1>
      %121 = stablehlo.or %116, %120 : tensor<i1>
      %122 = stablehlo.select %121, %106, %108 : tensor<i1>, tensor<f32>
      %123 = stablehlo.select %121, %107, %109 : tensor<i1>, tensor<i32>
      stablehlo.return %122, %123 : tensor<f32>, tensor<i32>
    }) : (tensor<4x3xf32>, tensor<4x3xi32>, tensor<f32>, tensor<i32>) -> (tensor<3xf32>, tensor<3xi32>)
    return %14, %16, %19, %25, %36, %43, %44, %62#1, %100, %101, %105#1 : tensor<2x3xf32>, tensor<4x1xf32>, tensor<4x3xf32>, tensor<4x3xf32>, tensor<2x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xi32>, tensor<4x2xf32>, tensor<4x2xi32>, tensor<3xi32>
  }
}
