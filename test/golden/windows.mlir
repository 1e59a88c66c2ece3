module @loopcarry {
  func.func public @main(%arg0: tensor<1x2x8xf32>, %arg1: tensor<3x2x3xf32>, %arg2: tensor<4x4xf32>) -> (tensor<1x3x4xf32>, tensor<1x2x4xf32>, tensor<4x4xf32>, tensor<9x6xf32>, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<2xf32>) {
    %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, f, 0]x[o, i, 0]->[b, f, 0], window = {stride = [2], pad = [[0, 1]], lhs_dilate = [1], rhs_dilate = [1]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x2x8xf32>, tensor<3x2x3xf32>) -> tensor<1x3x4xf32>
    %1 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %2 = "stablehlo.reduce_window"(%arg0, %1) <{window_dimensions = array<i64: 1, 1, 2>, window_strides = array<i64: 1, 1, 2>, base_dilations = array<i64: 1, 1, 1>, window_dilations = array<i64: 1, 1, 1>, padding = dense<[[0, 0], [0, 0], [0, 0]]> : tensor<3x2xi64>}> ({
    ^bb0(%3: tensor<f32>, %4: tensor<f32>):
      %5 = stablehlo.maximum %3, %4 : tensor<f32>
      stablehlo.return %5 : tensor<f32>
    }) : (tensor<1x2x8xf32>, tensor<f32>) -> tensor<1x2x4xf32>
    %6 = stablehlo.constant dense<0.0> : tensor<f32>
    %7 = "stablehlo.reduce_window"(%arg2, %6) <{window_dimensions = array<i64: 1, 4>, window_strides = array<i64: 1, 1>, base_dilations = array<i64: 1, 1>, window_dilations = array<i64: 1, 1>, padding = dense<[[0, 0], [0, 3]]> : tensor<2x2xi64>}> ({
    ^bb0(%8: tensor<f32>, %9: tensor<f32>):
      %10 = stablehlo.add %8, %9 : tensor<f32>
      stablehlo.return %10 : tensor<f32>
    }) : (tensor<4x4xf32>, tensor<f32>) -> tensor<4x4xf32>
    %11 = stablehlo.constant dense<0.0> : tensor<f32>
    %12 = stablehlo.pad %arg2, %11, low = [1, 1], high = [1, 1], interior = [1, 0] : (tensor<4x4xf32>, tensor<f32>) -> tensor<9x6xf32>
    %13 = stablehlo.fft %arg2, type = RFFT, length = [4] : (tensor<4x4xf32>) -> tensor<4x3xcomplex<f32>>
    %14 = stablehlo.abs %13 : (tensor<4x3xcomplex<f32>>) -> tensor<4x3xf32>
    %15 = stablehlo.transpose %arg2, dims = [1, 0] : (tensor<4x4xf32>) -> tensor<4x4xf32>
    %16 = stablehlo.add %arg2, %15 : tensor<4x4xf32>
    %17 = stablehlo.constant dense<0.5> : tensor<4x4xf32>
    %18 = stablehlo.multiply %16, %17 : tensor<4x4xf32>
    %19 = stablehlo.cholesky %18, lower = true : tensor<4x4xf32>
    %20 = stablehlo.iota dim = 0 : tensor<4x4xi32>
    %21 = stablehlo.iota dim = 1 : tensor<4x4xi32>
    %22 = stablehlo.compare GE, %20, %21, SIGNED : (tensor<4x4xi32>, tensor<4x4xi32>) -> tensor<4x4xi1>
    %23 = stablehlo.constant dense<0.0> : tensor<4x4xf32>
    %24 = stablehlo.select %22, %19, %23 : tensor<4x4xi1>, tensor<4x4xf32>
    %25 = "stablehlo.triangular_solve"(%arg2, %arg2) <{left_side = true, lower = false, transpose_a = #stablehlo<transpose TRANSPOSE>, unit_diagonal = false}> : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
    %26 = chlo.erf %arg2 : tensor<4x4xf32> -> tensor<4x4xf32>
    %27 = chlo.lgamma %arg2 : tensor<4x4xf32> -> tensor<4x4xf32>
    %28 = chlo.asinh %arg2 : tensor<4x4xf32> -> tensor<4x4xf32>
    %29 = stablehlo.iota dim = 0 : tensor<2xui32>
    %30 = stablehlo.constant dense<0> : tensor<2xui32>
    %31 = stablehlo.constant dense<0> : tensor<ui32>
    %32 = stablehlo.constant dense<1> : tensor<ui32>
    %33 = stablehlo.constant dense<2> : tensor<ui32>
    %36:2 = stablehlo.while(%34 = %31, %35 = %31) : tensor<ui32>, tensor<ui32>
    cond {
      %37 = stablehlo.compare LT, %34, %33, UNSIGNED : (tensor<ui32>, tensor<ui32>) -> tensor<i1>
      stablehlo.return %37 : tensor<i1>
    } do {
      %38 = stablehlo.add %34, %32 : tensor<ui32>
      %39 = stablehlo.add %35, %35 : tensor<ui32>
      stablehlo.return %38, %39 : tensor<ui32>, tensor<ui32>
    }
    %40 = stablehlo.broadcast_in_dim %36#1, dims = [] : (tensor<ui32>) -> tensor<2xui32>
    %41 = stablehlo.xor %30, %40 : tensor<2xui32>
    %42 = stablehlo.xor %41, %30 : tensor<2xui32>
    %43 = stablehlo.constant dense<466688986> : tensor<2xui32>
    %44 = stablehlo.xor %42, %43 : tensor<2xui32>
    %45 = stablehlo.add %30, %41 : tensor<2xui32>
    %46 = stablehlo.add %29, %30 : tensor<2xui32>
    %47 = stablehlo.add %45, %46 : tensor<2xui32>
    %48 = stablehlo.constant dense<13> : tensor<2xui32>
    %49 = stablehlo.shift_left %46, %48 : tensor<2xui32>
    %50 = stablehlo.constant dense<19> : tensor<2xui32>
    %51 = stablehlo.shift_right_logical %46, %50 : tensor<2xui32>
    %52 = stablehlo.or %49, %51 : tensor<2xui32>
    %53 = stablehlo.xor %52, %47 : tensor<2xui32>
    %54 = stablehlo.add %47, %53 : tensor<2xui32>
    %55 = stablehlo.constant dense<15> : tensor<2xui32>
    %56 = stablehlo.shift_left %53, %55 : tensor<2xui32>
    %57 = stablehlo.constant dense<17> : tensor<2xui32>
    %58 = stablehlo.shift_right_logical %53, %57 : tensor<2xui32>
    %59 = stablehlo.or %56, %58 : tensor<2xui32>
    %60 = stablehlo.xor %59, %54 : tensor<2xui32>
    %61 = stablehlo.add %54, %60 : tensor<2xui32>
    %62 = stablehlo.constant dense<26> : tensor<2xui32>
    %63 = stablehlo.shift_left %60, %62 : tensor<2xui32>
    %64 = stablehlo.constant dense<6> : tensor<2xui32>
    %65 = stablehlo.shift_right_logical %60, %64 : tensor<2xui32>
    %66 = stablehlo.or %63, %65 : tensor<2xui32>
    %67 = stablehlo.xor %66, %61 : tensor<2xui32>
    %68 = stablehlo.add %61, %67 : tensor<2xui32>
    %69 = stablehlo.constant dense<6> : tensor<2xui32>
    %70 = stablehlo.shift_left %67, %69 : tensor<2xui32>
    %71 = stablehlo.constant dense<26> : tensor<2xui32>
    %72 = stablehlo.shift_right_logical %67, %71 : tensor<2xui32>
    %73 = stablehlo.or %70, %72 : tensor<2xui32>
    %74 = stablehlo.xor %73, %68 : tensor<2xui32>
    %75 = stablehlo.add %68, %30 : tensor<2xui32>
    %76 = stablehlo.add %74, %44 : tensor<2xui32>
    %77 = stablehlo.constant dense<1> : tensor<2xui32>
    %78 = stablehlo.add %76, %77 : tensor<2xui32>
    %79 = stablehlo.add %75, %78 : tensor<2xui32>
    %80 = stablehlo.constant dense<17> : tensor<2xui32>
    %81 = stablehlo.shift_left %78, %80 : tensor<2xui32>
    %82 = stablehlo.constant dense<15> : tensor<2xui32>
    %83 = stablehlo.shift_right_logical %78, %82 : tensor<2xui32>
    %84 = stablehlo.or %81, %83 : tensor<2xui32>
    %85 = stablehlo.xor %84, %79 : tensor<2xui32>
    %86 = stablehlo.add %79, %85 : tensor<2xui32>
    %87 = stablehlo.constant dense<29> : tensor<2xui32>
    %88 = stablehlo.shift_left %85, %87 : tensor<2xui32>
    %89 = stablehlo.constant dense<3> : tensor<2xui32>
    %90 = stablehlo.shift_right_logical %85, %89 : tensor<2xui32>
    %91 = stablehlo.or %88, %90 : tensor<2xui32>
    %92 = stablehlo.xor %91, %86 : tensor<2xui32>
    %93 = stablehlo.add %86, %92 : tensor<2xui32>
    %94 = stablehlo.constant dense<16> : tensor<2xui32>
    %95 = stablehlo.shift_left %92, %94 : tensor<2xui32>
    %96 = stablehlo.constant dense<16> : tensor<2xui32>
    %97 = stablehlo.shift_right_logical %92, %96 : tensor<2xui32>
    %98 = stablehlo.or %95, %97 : tensor<2xui32>
    %99 = stablehlo.xor %98, %93 : tensor<2xui32>
    %100 = stablehlo.add %93, %99 : tensor<2xui32>
    %101 = stablehlo.constant dense<24> : tensor<2xui32>
    %102 = stablehlo.shift_left %99, %101 : tensor<2xui32>
    %103 = stablehlo.constant dense<8> : tensor<2xui32>
    %104 = stablehlo.shift_right_logical %99, %103 : tensor<2xui32>
    %105 = stablehlo.or %102, %104 : tensor<2xui32>
    %106 = stablehlo.xor %105, %100 : tensor<2xui32>
    %107 = stablehlo.add %100, %44 : tensor<2xui32>
    %108 = stablehlo.add %106, %41 : tensor<2xui32>
    %109 = stablehlo.constant dense<2> : tensor<2xui32>
    %110 = stablehlo.add %108, %109 : tensor<2xui32>
    %111 = stablehlo.add %107, %110 : tensor<2xui32>
    %112 = stablehlo.constant dense<13> : tensor<2xui32>
    %113 = stablehlo.shift_left %110, %112 : tensor<2xui32>
    %114 = stablehlo.constant dense<19> : tensor<2xui32>
    %115 = stablehlo.shift_right_logical %110, %114 : tensor<2xui32>
    %116 = stablehlo.or %113, %115 : tensor<2xui32>
    %117 = stablehlo.xor %116, %111 : tensor<2xui32>
    %118 = stablehlo.add %111, %117 : tensor<2xui32>
    %119 = stablehlo.constant dense<15> : tensor<2xui32>
    %120 = stablehlo.shift_left %117, %119 : tensor<2xui32>
    %121 = stablehlo.constant dense<17> : tensor<2xui32>
    %122 = stablehlo.shift_right_logical %117, %121 : tensor<2xui32>
    %123 = stablehlo.or %120, %122 : tensor<2xui32>
    %124 = stablehlo.xor %123, %118 : tensor<2xui32>
    %125 = stablehlo.add %118, %124 : tensor<2xui32>
    %126 = stablehlo.constant dense<26> : tensor<2xui32>
    %127 = stablehlo.shift_left %124, %126 : tensor<2xui32>
    %128 = stablehlo.constant dense<6> : tensor<2xui32>
    %129 = stablehlo.shift_right_logical %124, %128 : tensor<2xui32>
    %130 = stablehlo.or %127, %129 : tensor<2xui32>
    %131 = stablehlo.xor %130, %125 : tensor<2xui32>
    %132 = stablehlo.add %125, %131 : tensor<2xui32>
    %133 = stablehlo.constant dense<6> : tensor<2xui32>
    %134 = stablehlo.shift_left %131, %133 : tensor<2xui32>
    %135 = stablehlo.constant dense<26> : tensor<2xui32>
    %136 = stablehlo.shift_right_logical %131, %135 : tensor<2xui32>
    %137 = stablehlo.or %134, %136 : tensor<2xui32>
    %138 = stablehlo.xor %137, %132 : tensor<2xui32>
    %139 = stablehlo.add %132, %41 : tensor<2xui32>
    %140 = stablehlo.add %138, %30 : tensor<2xui32>
    %141 = stablehlo.constant dense<3> : tensor<2xui32>
    %142 = stablehlo.add %140, %141 : tensor<2xui32>
    %143 = stablehlo.add %139, %142 : tensor<2xui32>
    %144 = stablehlo.constant dense<17> : tensor<2xui32>
    %145 = stablehlo.shift_left %142, %144 : tensor<2xui32>
    %146 = stablehlo.constant dense<15> : tensor<2xui32>
    %147 = stablehlo.shift_right_logical %142, %146 : tensor<2xui32>
    %148 = stablehlo.or %145, %147 : tensor<2xui32>
    %149 = stablehlo.xor %148, %143 : tensor<2xui32>
    %150 = stablehlo.add %143, %149 : tensor<2xui32>
    %151 = stablehlo.constant dense<29> : tensor<2xui32>
    %152 = stablehlo.shift_left %149, %151 : tensor<2xui32>
    %153 = stablehlo.constant dense<3> : tensor<2xui32>
    %154 = stablehlo.shift_right_logical %149, %153 : tensor<2xui32>
    %155 = stablehlo.or %152, %154 : tensor<2xui32>
    %156 = stablehlo.xor %155, %150 : tensor<2xui32>
    %157 = stablehlo.add %150, %156 : tensor<2xui32>
    %158 = stablehlo.constant dense<16> : tensor<2xui32>
    %159 = stablehlo.shift_left %156, %158 : tensor<2xui32>
    %160 = stablehlo.constant dense<16> : tensor<2xui32>
    %161 = stablehlo.shift_right_logical %156, %160 : tensor<2xui32>
    %162 = stablehlo.or %159, %161 : tensor<2xui32>
    %163 = stablehlo.xor %162, %157 : tensor<2xui32>
    %164 = stablehlo.add %157, %163 : tensor<2xui32>
    %165 = stablehlo.constant dense<24> : tensor<2xui32>
    %166 = stablehlo.shift_left %163, %165 : tensor<2xui32>
    %167 = stablehlo.constant dense<8> : tensor<2xui32>
    %168 = stablehlo.shift_right_logical %163, %167 : tensor<2xui32>
    %169 = stablehlo.or %166, %168 : tensor<2xui32>
    %170 = stablehlo.xor %169, %164 : tensor<2xui32>
    %171 = stablehlo.add %164, %30 : tensor<2xui32>
    %172 = stablehlo.add %170, %44 : tensor<2xui32>
    %173 = stablehlo.constant dense<4> : tensor<2xui32>
    %174 = stablehlo.add %172, %173 : tensor<2xui32>
    %175 = stablehlo.add %171, %174 : tensor<2xui32>
    %176 = stablehlo.constant dense<13> : tensor<2xui32>
    %177 = stablehlo.shift_left %174, %176 : tensor<2xui32>
    %178 = stablehlo.constant dense<19> : tensor<2xui32>
    %179 = stablehlo.shift_right_logical %174, %178 : tensor<2xui32>
    %180 = stablehlo.or %177, %179 : tensor<2xui32>
    %181 = stablehlo.xor %180, %175 : tensor<2xui32>
    %182 = stablehlo.add %175, %181 : tensor<2xui32>
    %183 = stablehlo.constant dense<15> : tensor<2xui32>
    %184 = stablehlo.shift_left %181, %183 : tensor<2xui32>
    %185 = stablehlo.constant dense<17> : tensor<2xui32>
    %186 = stablehlo.shift_right_logical %181, %185 : tensor<2xui32>
    %187 = stablehlo.or %184, %186 : tensor<2xui32>
    %188 = stablehlo.xor %187, %182 : tensor<2xui32>
    %189 = stablehlo.add %182, %188 : tensor<2xui32>
    %190 = stablehlo.constant dense<26> : tensor<2xui32>
    %191 = stablehlo.shift_left %188, %190 : tensor<2xui32>
    %192 = stablehlo.constant dense<6> : tensor<2xui32>
    %193 = stablehlo.shift_right_logical %188, %192 : tensor<2xui32>
    %194 = stablehlo.or %191, %193 : tensor<2xui32>
    %195 = stablehlo.xor %194, %189 : tensor<2xui32>
    %196 = stablehlo.add %189, %195 : tensor<2xui32>
    %197 = stablehlo.constant dense<6> : tensor<2xui32>
    %198 = stablehlo.shift_left %195, %197 : tensor<2xui32>
    %199 = stablehlo.constant dense<26> : tensor<2xui32>
    %200 = stablehlo.shift_right_logical %195, %199 : tensor<2xui32>
    %201 = stablehlo.or %198, %200 : tensor<2xui32>
    %202 = stablehlo.xor %201, %196 : tensor<2xui32>
    %203 = stablehlo.add %196, %44 : tensor<2xui32>
    %204 = stablehlo.add %202, %41 : tensor<2xui32>
    %205 = stablehlo.constant dense<5> : tensor<2xui32>
    %206 = stablehlo.add %204, %205 : tensor<2xui32>
    %207 = stablehlo.xor %203, %206 : tensor<2xui32>
    %208 = stablehlo.constant dense<9> : tensor<2xui32>
    %209 = stablehlo.shift_right_logical %207, %208 : tensor<2xui32>
    %210 = stablehlo.constant dense<1065353216> : tensor<2xui32>
    %211 = stablehlo.or %209, %210 : tensor<2xui32>
    %212 = stablehlo.bitcast_convert %211 : (tensor<2xui32>) -> tensor<2xf32>
    %213 = stablehlo.constant dense<1.0> : tensor<2xf32>
    %214 = stablehlo.subtract %212, %213 : tensor<2xf32>
    %215 = stablehlo.constant dense<0.0> : tensor<2xf32>
    %216 = stablehlo.add %214, %215 : tensor<2xf32>
    %217 = stablehlo.maximum %215, %216 : tensor<2xf32>
    return %0, %2, %7, %12, %14, %24, %25, %26, %27, %28, %217 : tensor<1x3x4xf32>, tensor<1x2x4xf32>, tensor<4x4xf32>, tensor<9x6xf32>, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<2xf32>
  }
}
