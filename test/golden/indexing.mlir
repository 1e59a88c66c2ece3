module @loopcarry {
  func.func public @main(%arg0: tensor<4x3xf32>, %arg1: tensor<2xi32>) -> (tensor<2x3xf32>, tensor<4x1xf32>, tensor<4x3xf32>, tensor<4x3xf32>, tensor<2x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xi32>, tensor<4x2xf32>, tensor<4x2xi32>, tensor<3xi32>) {
    %0 = stablehlo.constant dense<4> : tensor<2xi32>
    %1 = stablehlo.add %arg1, %0 : tensor<2xi32>
    %2 = stablehlo.constant dense<0> : tensor<2xi32>
    %3 = stablehlo.compare LT, %arg1, %2, SIGNED : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
    %4 = stablehlo.select %3, %1, %arg1 : tensor<2xi1>, tensor<2xi32>
    %5 = stablehlo.constant dense<0> : tensor<2xi32>
    %6 = stablehlo.constant dense<3> : tensor<2xi32>
    %7 = stablehlo.compare GE, %4, %5, SIGNED : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
    %8 = stablehlo.constant dense<4> : tensor<2xi32>
    %9 = stablehlo.compare LT, %4, %8, SIGNED : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
    %10 = stablehlo.and %7, %9 : tensor<2xi1>
    %11 = stablehlo.clamp %5, %4, %6 : tensor<2xi32>
    %12 = stablehlo.reshape %11 : (tensor<2xi32>) -> tensor<2x1xi32>
    %13 = "stablehlo.gather"(%arg0, %12) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], operand_batching_dims = [], start_indices_batching_dims = [], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 3>, indices_are_sorted = false}> : (tensor<4x3xf32>, tensor<2x1xi32>) -> tensor<2x3xf32>
    %14 = stablehlo.broadcast_in_dim %10, dims = [0] : (tensor<2xi1>) -> tensor<2x3xi1>
    %15 = stablehlo.constant dense<0x7FC00000> : tensor<2x3xf32>
    %16 = stablehlo.select %14, %13, %15 : tensor<2x3xi1>, tensor<2x3xf32>
    %17 = stablehlo.constant dense<[[0], [2], [1], [0]]> : tensor<4x1xi32>
    %18 = stablehlo.constant dense<3> : tensor<4x1xi32>
    %19 = stablehlo.add %17, %18 : tensor<4x1xi32>
    %20 = stablehlo.constant dense<0> : tensor<4x1xi32>
    %21 = stablehlo.compare LT, %17, %20, SIGNED : (tensor<4x1xi32>, tensor<4x1xi32>) -> tensor<4x1xi1>
    %22 = stablehlo.select %21, %19, %17 : tensor<4x1xi1>, tensor<4x1xi32>
    %23 = stablehlo.constant dense<0> : tensor<4x1xi32>
    %24 = stablehlo.constant dense<2> : tensor<4x1xi32>
    %25 = stablehlo.compare GE, %22, %23, SIGNED : (tensor<4x1xi32>, tensor<4x1xi32>) -> tensor<4x1xi1>
    %26 = stablehlo.constant dense<3> : tensor<4x1xi32>
    %27 = stablehlo.compare LT, %22, %26, SIGNED : (tensor<4x1xi32>, tensor<4x1xi32>) -> tensor<4x1xi1>
    %28 = stablehlo.and %25, %27 : tensor<4x1xi1>
    %29 = stablehlo.clamp %23, %22, %24 : tensor<4x1xi32>
    %30 = stablehlo.reshape %29 : (tensor<4x1xi32>) -> tensor<4x1x1xi32>
    %31 = "stablehlo.gather"(%arg0, %30) <{dimension_numbers = #stablehlo.gather<offset_dims = [], collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1>, indices_are_sorted = false}> : (tensor<4x3xf32>, tensor<4x1x1xi32>) -> tensor<4x1xf32>
    %32 = stablehlo.constant dense<0x7FC00000> : tensor<4x1xf32>
    %33 = stablehlo.select %28, %31, %32 : tensor<4x1xi1>, tensor<4x1xf32>
    %34 = stablehlo.constant dense<4> : tensor<2xi32>
    %35 = stablehlo.add %arg1, %34 : tensor<2xi32>
    %36 = stablehlo.constant dense<0> : tensor<2xi32>
    %37 = stablehlo.compare LT, %arg1, %36, SIGNED : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
    %38 = stablehlo.select %37, %35, %arg1 : tensor<2xi1>, tensor<2xi32>
    %39 = stablehlo.constant dense<0.0> : tensor<f32>
    %40 = stablehlo.broadcast_in_dim %39, dims = [] : (tensor<f32>) -> tensor<2x3xf32>
    %41 = stablehlo.reshape %38 : (tensor<2xi32>) -> tensor<2x1xi32>
    %42 = "stablehlo.scatter"(%arg0, %41, %40) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], input_batching_dims = [], scatter_indices_batching_dims = [], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, indices_are_sorted = false, unique_indices = false}> ({
    ^bb0(%43: tensor<f32>, %44: tensor<f32>):
      stablehlo.return %44 : tensor<f32>
    }) : (tensor<4x3xf32>, tensor<2x1xi32>, tensor<2x3xf32>) -> tensor<4x3xf32>
    %45 = stablehlo.constant dense<4> : tensor<2xi32>
    %46 = stablehlo.add %arg1, %45 : tensor<2xi32>
    %47 = stablehlo.constant dense<0> : tensor<2xi32>
    %48 = stablehlo.compare LT, %arg1, %47, SIGNED : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi1>
    %49 = stablehlo.select %48, %46, %arg1 : tensor<2xi1>, tensor<2xi32>
    %50 = stablehlo.constant dense<1> : tensor<i32>
    %51 = stablehlo.broadcast_in_dim %50, dims = [] : (tensor<i32>) -> tensor<2xi32>
    %52 = stablehlo.constant dense<1.0> : tensor<f32>
    %53 = stablehlo.broadcast_in_dim %52, dims = [] : (tensor<f32>) -> tensor<2xf32>
    %54 = stablehlo.reshape %49 : (tensor<2xi32>) -> tensor<2x1xi32>
    %55 = stablehlo.reshape %51 : (tensor<2xi32>) -> tensor<2x1xi32>
    %56 = stablehlo.concatenate %54, %55, dim = 1 : (tensor<2x1xi32>, tensor<2x1xi32>) -> tensor<2x2xi32>
    %57 = "stablehlo.scatter"(%arg0, %56, %53) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [], inserted_window_dims = [0, 1], input_batching_dims = [], scatter_indices_batching_dims = [], scatter_dims_to_operand_dims = [0, 1], index_vector_dim = 1>, indices_are_sorted = false, unique_indices = false}> ({
    ^bb0(%58: tensor<f32>, %59: tensor<f32>):
      %60 = stablehlo.add %58, %59 : tensor<f32>
      stablehlo.return %60 : tensor<f32>
    }) : (tensor<4x3xf32>, tensor<2x2xi32>, tensor<2xf32>) -> tensor<4x3xf32>
    %61 = stablehlo.slice %arg1 [0:1] : (tensor<2xi32>) -> tensor<1xi32>
    %62 = stablehlo.reshape %61 : (tensor<1xi32>) -> tensor<i32>
    %63 = stablehlo.constant dense<4> : tensor<i32>
    %64 = stablehlo.add %62, %63 : tensor<i32>
    %65 = stablehlo.constant dense<0> : tensor<i32>
    %66 = stablehlo.compare LT, %62, %65, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %67 = stablehlo.select %66, %64, %62 : tensor<i1>, tensor<i32>
    %68 = stablehlo.constant dense<0> : tensor<i32>
    %69 = stablehlo.dynamic_slice %arg0, %67, %68, sizes = [2, 3] : (tensor<4x3xf32>, tensor<i32>, tensor<i32>) -> tensor<2x3xf32>
    %70 = stablehlo.constant dense<0.0> : tensor<1x3xf32>
    %71 = stablehlo.slice %arg1 [1:2] : (tensor<2xi32>) -> tensor<1xi32>
    %72 = stablehlo.reshape %71 : (tensor<1xi32>) -> tensor<i32>
    %73 = stablehlo.constant dense<4> : tensor<i32>
    %74 = stablehlo.add %72, %73 : tensor<i32>
    %75 = stablehlo.constant dense<0> : tensor<i32>
    %76 = stablehlo.compare LT, %72, %75, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %77 = stablehlo.select %76, %74, %72 : tensor<i1>, tensor<i32>
    %78 = stablehlo.constant dense<0> : tensor<i32>
    %79 = stablehlo.dynamic_update_slice %arg0, %70, %77, %78 : (tensor<4x3xf32>, tensor<1x3xf32>, tensor<i32>, tensor<i32>) -> tensor<4x3xf32>
    %80 = "stablehlo.sort"(%arg0) <{dimension = 1 : i64, is_stable = true}> ({
    ^bb0(%81: tensor<f32>, %82: tensor<f32>):
      %83 = stablehlo.constant dense<0.0> : tensor<f32>
      %84 = stablehlo.compare EQ, %81, %83, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %85 = stablehlo.select %84, %83, %81 : tensor<i1>, tensor<f32>
      %86 = stablehlo.compare NE, %85, %85, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %87 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %88 = stablehlo.select %86, %87, %85 : tensor<i1>, tensor<f32>
      %89 = stablehlo.constant dense<0.0> : tensor<f32>
      %90 = stablehlo.compare EQ, %82, %89, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %91 = stablehlo.select %90, %89, %82 : tensor<i1>, tensor<f32>
      %92 = stablehlo.compare NE, %91, %91, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %93 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %94 = stablehlo.select %92, %93, %91 : tensor<i1>, tensor<f32>
      %95 = stablehlo.compare LT, %88, %94, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %95 : tensor<i1>
    }) : (tensor<4x3xf32>) -> tensor<4x3xf32>
    %96 = stablehlo.iota dim = 0 : tensor<4xi32>
    %97 = stablehlo.broadcast_in_dim %96, dims = [0] : (tensor<4xi32>) -> tensor<4x3xi32>
    %98:2 = "stablehlo.sort"(%arg0, %97) <{dimension = 0 : i64, is_stable = true}> ({
    ^bb0(%99: tensor<f32>, %100: tensor<f32>, %101: tensor<i32>, %102: tensor<i32>):
      %103 = stablehlo.constant dense<0.0> : tensor<f32>
      %104 = stablehlo.compare EQ, %99, %103, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %105 = stablehlo.select %104, %103, %99 : tensor<i1>, tensor<f32>
      %106 = stablehlo.compare NE, %105, %105, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %107 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %108 = stablehlo.select %106, %107, %105 : tensor<i1>, tensor<f32>
      %109 = stablehlo.constant dense<0.0> : tensor<f32>
      %110 = stablehlo.compare EQ, %100, %109, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %111 = stablehlo.select %110, %109, %100 : tensor<i1>, tensor<f32>
      %112 = stablehlo.compare NE, %111, %111, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %113 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %114 = stablehlo.select %112, %113, %111 : tensor<i1>, tensor<f32>
      %115 = stablehlo.compare GT, %108, %114, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %115 : tensor<i1>
    }) : (tensor<4x3xf32>, tensor<4x3xi32>) -> (tensor<4x3xf32>, tensor<4x3xi32>)
    %116 = stablehlo.iota dim = 0 : tensor<3xi32>
    %117 = stablehlo.broadcast_in_dim %116, dims = [1] : (tensor<3xi32>) -> tensor<4x3xi32>
    %118 = stablehlo.compare NE, %arg0, %arg0, FLOAT : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xi1>
    %119 = stablehlo.constant dense<0x7FC00000> : tensor<4x3xf32>
    %120 = stablehlo.select %118, %119, %arg0 : tensor<4x3xi1>, tensor<4x3xf32>
    %121:2 = "stablehlo.sort"(%120, %117) <{dimension = 1 : i64, is_stable = true}> ({
    ^bb0(%122: tensor<f32>, %123: tensor<f32>, %124: tensor<i32>, %125: tensor<i32>):
      %126 = stablehlo.compare GT, %122, %123, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %126 : tensor<i1>
    }) : (tensor<4x3xf32>, tensor<4x3xi32>) -> (tensor<4x3xf32>, tensor<4x3xi32>)
    %127 = stablehlo.slice %121#0 [0:4, 0:2] : (tensor<4x3xf32>) -> tensor<4x2xf32>
    %128 = stablehlo.slice %121#1 [0:4, 0:2] : (tensor<4x3xi32>) -> tensor<4x2xi32>
    %129 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %130 = stablehlo.reduce(%arg0 init: %129) applies stablehlo.maximum across dimensions = [0] : (tensor<4x3xf32>, tensor<f32>) -> tensor<3xf32>
    %131 = stablehlo.broadcast_in_dim %130, dims = [1] : (tensor<3xf32>) -> tensor<4x3xf32>
    %132 = stablehlo.compare EQ, %arg0, %131, FLOAT : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xi1>
    %133 = stablehlo.compare NE, %arg0, %arg0, FLOAT : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xi1>
    %134 = stablehlo.or %132, %133 : tensor<4x3xi1>
    %135 = stablehlo.iota dim = 0 : tensor<4x3xi32>
    %136 = stablehlo.constant dense<3> : tensor<4x3xi32>
    %137 = stablehlo.select %134, %135, %136 : tensor<4x3xi1>, tensor<4x3xi32>
    %138 = stablehlo.constant dense<2147483647> : tensor<i32>
    %139 = stablehlo.reduce(%137 init: %138) applies stablehlo.minimum across dimensions = [0] : (tensor<4x3xi32>, tensor<i32>) -> tensor<3xi32>
    return %16, %33, %42, %57, %69, %79, %80, %98#1, %127, %128, %139 : tensor<2x3xf32>, tensor<4x1xf32>, tensor<4x3xf32>, tensor<4x3xf32>, tensor<2x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xi32>, tensor<4x2xf32>, tensor<4x2xi32>, tensor<3xi32>
  }
}
