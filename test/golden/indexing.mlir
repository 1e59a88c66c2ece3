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
    %40 = stablehlo.reshape %38 : (tensor<2xi32>) -> tensor<2x1xi32>
    %41 = stablehlo.broadcast_in_dim %39, dims = [] : (tensor<f32>) -> tensor<2x3xf32>
    %42 = "stablehlo.scatter"(%arg0, %40, %41) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], input_batching_dims = [], scatter_indices_batching_dims = [], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, indices_are_sorted = false, unique_indices = false}> ({
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
    %53 = stablehlo.reshape %49 : (tensor<2xi32>) -> tensor<2x1xi32>
    %54 = stablehlo.reshape %51 : (tensor<2xi32>) -> tensor<2x1xi32>
    %55 = stablehlo.concatenate %53, %54, dim = 1 : (tensor<2x1xi32>, tensor<2x1xi32>) -> tensor<2x2xi32>
    %56 = stablehlo.broadcast_in_dim %52, dims = [] : (tensor<f32>) -> tensor<2xf32>
    %57 = "stablehlo.scatter"(%arg0, %55, %56) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [], inserted_window_dims = [0, 1], input_batching_dims = [], scatter_indices_batching_dims = [], scatter_dims_to_operand_dims = [0, 1], index_vector_dim = 1>, indices_are_sorted = false, unique_indices = false}> ({
    ^bb0(%58: tensor<f32>, %59: tensor<f32>):
      %60 = stablehlo.add %58, %59 : tensor<f32>
      stablehlo.return %60 : tensor<f32>
    }) : (tensor<4x3xf32>, tensor<2x2xi32>, tensor<2xf32>) -> tensor<4x3xf32>
    %61 = stablehlo.constant dense<0> : tensor<i32>
    %62 = stablehlo.constant dense<0> : tensor<i32>
    %63 = stablehlo.constant dense<1> : tensor<i32>
    %64 = stablehlo.clamp %62, %61, %63 : tensor<i32>
    %65 = stablehlo.reshape %64 : (tensor<i32>) -> tensor<1xi32>
    %66 = "stablehlo.gather"(%arg1, %65) <{dimension_numbers = #stablehlo.gather<offset_dims = [], collapsed_slice_dims = [0], operand_batching_dims = [], start_indices_batching_dims = [], start_index_map = [0], index_vector_dim = 0>, slice_sizes = array<i64: 1>, indices_are_sorted = false}> : (tensor<2xi32>, tensor<1xi32>) -> tensor<i32>
    %67 = stablehlo.constant dense<4> : tensor<i32>
    %68 = stablehlo.add %66, %67 : tensor<i32>
    %69 = stablehlo.constant dense<0> : tensor<i32>
    %70 = stablehlo.compare LT, %66, %69, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %71 = stablehlo.select %70, %68, %66 : tensor<i1>, tensor<i32>
    %72 = stablehlo.constant dense<0> : tensor<i32>
    %73 = stablehlo.dynamic_slice %arg0, %71, %72, sizes = [2, 3] : (tensor<4x3xf32>, tensor<i32>, tensor<i32>) -> tensor<2x3xf32>
    %74 = stablehlo.constant dense<0.0> : tensor<1x3xf32>
    %75 = stablehlo.constant dense<1> : tensor<i32>
    %76 = stablehlo.constant dense<0> : tensor<i32>
    %77 = stablehlo.constant dense<1> : tensor<i32>
    %78 = stablehlo.clamp %76, %75, %77 : tensor<i32>
    %79 = stablehlo.reshape %78 : (tensor<i32>) -> tensor<1xi32>
    %80 = "stablehlo.gather"(%arg1, %79) <{dimension_numbers = #stablehlo.gather<offset_dims = [], collapsed_slice_dims = [0], operand_batching_dims = [], start_indices_batching_dims = [], start_index_map = [0], index_vector_dim = 0>, slice_sizes = array<i64: 1>, indices_are_sorted = false}> : (tensor<2xi32>, tensor<1xi32>) -> tensor<i32>
    %81 = stablehlo.constant dense<4> : tensor<i32>
    %82 = stablehlo.add %80, %81 : tensor<i32>
    %83 = stablehlo.constant dense<0> : tensor<i32>
    %84 = stablehlo.compare LT, %80, %83, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %85 = stablehlo.select %84, %82, %80 : tensor<i1>, tensor<i32>
    %86 = stablehlo.constant dense<0> : tensor<i32>
    %87 = stablehlo.dynamic_update_slice %arg0, %74, %85, %86 : (tensor<4x3xf32>, tensor<1x3xf32>, tensor<i32>, tensor<i32>) -> tensor<4x3xf32>
    %88 = "stablehlo.sort"(%arg0) <{dimension = 1 : i64, is_stable = true}> ({
    ^bb0(%89: tensor<f32>, %90: tensor<f32>):
      %91 = stablehlo.constant dense<0.0> : tensor<f32>
      %92 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %93 = stablehlo.compare EQ, %89, %91, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %94 = stablehlo.select %93, %91, %89 : tensor<i1>, tensor<f32>
      %95 = stablehlo.compare NE, %89, %89, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %96 = stablehlo.select %95, %92, %94 : tensor<i1>, tensor<f32>
      %97 = stablehlo.constant dense<0.0> : tensor<f32>
      %98 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %99 = stablehlo.compare EQ, %90, %97, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %100 = stablehlo.select %99, %97, %90 : tensor<i1>, tensor<f32>
      %101 = stablehlo.compare NE, %90, %90, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %102 = stablehlo.select %101, %98, %100 : tensor<i1>, tensor<f32>
      %103 = stablehlo.compare LT, %96, %102, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %103 : tensor<i1>
    }) : (tensor<4x3xf32>) -> tensor<4x3xf32>
    %104 = stablehlo.iota dim = 0 : tensor<4xi32>
    %105 = stablehlo.broadcast_in_dim %104, dims = [0] : (tensor<4xi32>) -> tensor<4x3xi32>
    %106:2 = "stablehlo.sort"(%arg0, %105) <{dimension = 0 : i64, is_stable = true}> ({
    ^bb0(%107: tensor<f32>, %108: tensor<f32>, %109: tensor<i32>, %110: tensor<i32>):
      %111 = stablehlo.constant dense<0.0> : tensor<f32>
      %112 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %113 = stablehlo.compare EQ, %107, %111, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %114 = stablehlo.select %113, %111, %107 : tensor<i1>, tensor<f32>
      %115 = stablehlo.compare NE, %107, %107, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %116 = stablehlo.select %115, %112, %114 : tensor<i1>, tensor<f32>
      %117 = stablehlo.constant dense<0.0> : tensor<f32>
      %118 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %119 = stablehlo.compare EQ, %108, %117, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %120 = stablehlo.select %119, %117, %108 : tensor<i1>, tensor<f32>
      %121 = stablehlo.compare NE, %108, %108, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %122 = stablehlo.select %121, %118, %120 : tensor<i1>, tensor<f32>
      %123 = stablehlo.compare GT, %116, %122, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %123 : tensor<i1>
    }) : (tensor<4x3xf32>, tensor<4x3xi32>) -> (tensor<4x3xf32>, tensor<4x3xi32>)
    %124 = stablehlo.iota dim = 0 : tensor<3xi32>
    %125 = stablehlo.broadcast_in_dim %124, dims = [1] : (tensor<3xi32>) -> tensor<4x3xi32>
    %126:2 = "stablehlo.sort"(%arg0, %125) <{dimension = 1 : i64, is_stable = true}> ({
    ^bb0(%127: tensor<f32>, %128: tensor<f32>, %129: tensor<i32>, %130: tensor<i32>):
      %131 = stablehlo.constant dense<0.0> : tensor<f32>
      %132 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %133 = stablehlo.compare EQ, %127, %131, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %134 = stablehlo.select %133, %131, %127 : tensor<i1>, tensor<f32>
      %135 = stablehlo.compare NE, %127, %127, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %136 = stablehlo.select %135, %132, %134 : tensor<i1>, tensor<f32>
      %137 = stablehlo.constant dense<0.0> : tensor<f32>
      %138 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %139 = stablehlo.compare EQ, %128, %137, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %140 = stablehlo.select %139, %137, %128 : tensor<i1>, tensor<f32>
      %141 = stablehlo.compare NE, %128, %128, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %142 = stablehlo.select %141, %138, %140 : tensor<i1>, tensor<f32>
      %143 = stablehlo.compare GT, %136, %142, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %143 : tensor<i1>
    }) : (tensor<4x3xf32>, tensor<4x3xi32>) -> (tensor<4x3xf32>, tensor<4x3xi32>)
    %144 = stablehlo.slice %126#0 [0:4, 0:2] : (tensor<4x3xf32>) -> tensor<4x2xf32>
    %145 = stablehlo.slice %126#1 [0:4, 0:2] : (tensor<4x3xi32>) -> tensor<4x2xi32>
    %146 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %147 = stablehlo.reduce(%arg0 init: %146) applies stablehlo.maximum across dimensions = [0] : (tensor<4x3xf32>, tensor<f32>) -> tensor<3xf32>
    %148 = stablehlo.broadcast_in_dim %147, dims = [1] : (tensor<3xf32>) -> tensor<4x3xf32>
    %149 = stablehlo.compare EQ, %arg0, %148, FLOAT : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xi1>
    %150 = stablehlo.compare NE, %arg0, %arg0, FLOAT : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xi1>
    %151 = stablehlo.or %149, %150 : tensor<4x3xi1>
    %152 = stablehlo.iota dim = 0 : tensor<4x3xi32>
    %153 = stablehlo.constant dense<3> : tensor<4x3xi32>
    %154 = stablehlo.select %151, %152, %153 : tensor<4x3xi1>, tensor<4x3xi32>
    %155 = stablehlo.constant dense<2147483647> : tensor<i32>
    %156 = stablehlo.reduce(%154 init: %155) applies stablehlo.minimum across dimensions = [0] : (tensor<4x3xi32>, tensor<i32>) -> tensor<3xi32>
    return %16, %33, %42, %57, %73, %87, %88, %106#1, %144, %145, %156 : tensor<2x3xf32>, tensor<4x1xf32>, tensor<4x3xf32>, tensor<4x3xf32>, tensor<2x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xi32>, tensor<4x2xf32>, tensor<4x2xi32>, tensor<3xi32>
  }
}
