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
    %29 = stablehlo.constant dense<0> : tensor<ui32>
    %30 = stablehlo.constant dense<0> : tensor<ui32>
    %31 = stablehlo.reshape %29 : (tensor<ui32>) -> tensor<1xui32>
    %32 = stablehlo.reshape %30 : (tensor<ui32>) -> tensor<1xui32>
    %33 = stablehlo.concatenate %31, %32, dim = 0 : (tensor<1xui32>, tensor<1xui32>) -> tensor<2xui32>
    %34 = stablehlo.constant dense<0.0> : tensor<2xf32>
    %35 = stablehlo.constant dense<1.0> : tensor<2xf32>
    %36 = stablehlo.slice %33 [0:1] : (tensor<2xui32>) -> tensor<1xui32>
    %37 = stablehlo.reshape %36 : (tensor<1xui32>) -> tensor<ui32>
    %38 = stablehlo.slice %33 [1:2] : (tensor<2xui32>) -> tensor<1xui32>
    %39 = stablehlo.reshape %38 : (tensor<1xui32>) -> tensor<ui32>
    %40 = stablehlo.broadcast_in_dim %37, dims = [] : (tensor<ui32>) -> tensor<2xui32>
    %41 = stablehlo.broadcast_in_dim %39, dims = [] : (tensor<ui32>) -> tensor<2xui32>
    %42 = stablehlo.iota dim = 0 : tensor<2xui32>
    %43 = stablehlo.constant dense<0> : tensor<2xui32>
    %44 = stablehlo.constant dense<0> : tensor<ui32>
    %45 = stablehlo.constant dense<1> : tensor<ui32>
    %46 = stablehlo.constant dense<2> : tensor<ui32>
    %49:2 = stablehlo.while(%47 = %44, %48 = %44) : tensor<ui32>, tensor<ui32>
    cond {
      %50 = stablehlo.compare LT, %47, %46, UNSIGNED : (tensor<ui32>, tensor<ui32>) -> tensor<i1>
      stablehlo.return %50 : tensor<i1>
    } do {
      %51 = stablehlo.add %47, %45 : tensor<ui32>
      %52 = stablehlo.add %48, %48 : tensor<ui32>
      stablehlo.return %51, %52 : tensor<ui32>, tensor<ui32>
    }
    %53 = stablehlo.broadcast_in_dim %49#1, dims = [] : (tensor<ui32>) -> tensor<2xui32>
    %54 = stablehlo.xor %40, %53 : tensor<2xui32>
    %55 = stablehlo.xor %54, %41 : tensor<2xui32>
    %56 = stablehlo.constant dense<466688986> : tensor<2xui32>
    %57 = stablehlo.xor %55, %56 : tensor<2xui32>
    %58 = stablehlo.add %43, %54 : tensor<2xui32>
    %59 = stablehlo.add %42, %41 : tensor<2xui32>
    %60 = stablehlo.add %58, %59 : tensor<2xui32>
    %61 = stablehlo.constant dense<13> : tensor<2xui32>
    %62 = stablehlo.shift_left %59, %61 : tensor<2xui32>
    %63 = stablehlo.constant dense<19> : tensor<2xui32>
    %64 = stablehlo.shift_right_logical %59, %63 : tensor<2xui32>
    %65 = stablehlo.or %62, %64 : tensor<2xui32>
    %66 = stablehlo.xor %65, %60 : tensor<2xui32>
    %67 = stablehlo.add %60, %66 : tensor<2xui32>
    %68 = stablehlo.constant dense<15> : tensor<2xui32>
    %69 = stablehlo.shift_left %66, %68 : tensor<2xui32>
    %70 = stablehlo.constant dense<17> : tensor<2xui32>
    %71 = stablehlo.shift_right_logical %66, %70 : tensor<2xui32>
    %72 = stablehlo.or %69, %71 : tensor<2xui32>
    %73 = stablehlo.xor %72, %67 : tensor<2xui32>
    %74 = stablehlo.add %67, %73 : tensor<2xui32>
    %75 = stablehlo.constant dense<26> : tensor<2xui32>
    %76 = stablehlo.shift_left %73, %75 : tensor<2xui32>
    %77 = stablehlo.constant dense<6> : tensor<2xui32>
    %78 = stablehlo.shift_right_logical %73, %77 : tensor<2xui32>
    %79 = stablehlo.or %76, %78 : tensor<2xui32>
    %80 = stablehlo.xor %79, %74 : tensor<2xui32>
    %81 = stablehlo.add %74, %80 : tensor<2xui32>
    %82 = stablehlo.constant dense<6> : tensor<2xui32>
    %83 = stablehlo.shift_left %80, %82 : tensor<2xui32>
    %84 = stablehlo.constant dense<26> : tensor<2xui32>
    %85 = stablehlo.shift_right_logical %80, %84 : tensor<2xui32>
    %86 = stablehlo.or %83, %85 : tensor<2xui32>
    %87 = stablehlo.xor %86, %81 : tensor<2xui32>
    %88 = stablehlo.add %81, %41 : tensor<2xui32>
    %89 = stablehlo.add %87, %57 : tensor<2xui32>
    %90 = stablehlo.constant dense<1> : tensor<2xui32>
    %91 = stablehlo.add %89, %90 : tensor<2xui32>
    %92 = stablehlo.add %88, %91 : tensor<2xui32>
    %93 = stablehlo.constant dense<17> : tensor<2xui32>
    %94 = stablehlo.shift_left %91, %93 : tensor<2xui32>
    %95 = stablehlo.constant dense<15> : tensor<2xui32>
    %96 = stablehlo.shift_right_logical %91, %95 : tensor<2xui32>
    %97 = stablehlo.or %94, %96 : tensor<2xui32>
    %98 = stablehlo.xor %97, %92 : tensor<2xui32>
    %99 = stablehlo.add %92, %98 : tensor<2xui32>
    %100 = stablehlo.constant dense<29> : tensor<2xui32>
    %101 = stablehlo.shift_left %98, %100 : tensor<2xui32>
    %102 = stablehlo.constant dense<3> : tensor<2xui32>
    %103 = stablehlo.shift_right_logical %98, %102 : tensor<2xui32>
    %104 = stablehlo.or %101, %103 : tensor<2xui32>
    %105 = stablehlo.xor %104, %99 : tensor<2xui32>
    %106 = stablehlo.add %99, %105 : tensor<2xui32>
    %107 = stablehlo.constant dense<16> : tensor<2xui32>
    %108 = stablehlo.shift_left %105, %107 : tensor<2xui32>
    %109 = stablehlo.constant dense<16> : tensor<2xui32>
    %110 = stablehlo.shift_right_logical %105, %109 : tensor<2xui32>
    %111 = stablehlo.or %108, %110 : tensor<2xui32>
    %112 = stablehlo.xor %111, %106 : tensor<2xui32>
    %113 = stablehlo.add %106, %112 : tensor<2xui32>
    %114 = stablehlo.constant dense<24> : tensor<2xui32>
    %115 = stablehlo.shift_left %112, %114 : tensor<2xui32>
    %116 = stablehlo.constant dense<8> : tensor<2xui32>
    %117 = stablehlo.shift_right_logical %112, %116 : tensor<2xui32>
    %118 = stablehlo.or %115, %117 : tensor<2xui32>
    %119 = stablehlo.xor %118, %113 : tensor<2xui32>
    %120 = stablehlo.add %113, %57 : tensor<2xui32>
    %121 = stablehlo.add %119, %54 : tensor<2xui32>
    %122 = stablehlo.constant dense<2> : tensor<2xui32>
    %123 = stablehlo.add %121, %122 : tensor<2xui32>
    %124 = stablehlo.add %120, %123 : tensor<2xui32>
    %125 = stablehlo.constant dense<13> : tensor<2xui32>
    %126 = stablehlo.shift_left %123, %125 : tensor<2xui32>
    %127 = stablehlo.constant dense<19> : tensor<2xui32>
    %128 = stablehlo.shift_right_logical %123, %127 : tensor<2xui32>
    %129 = stablehlo.or %126, %128 : tensor<2xui32>
    %130 = stablehlo.xor %129, %124 : tensor<2xui32>
    %131 = stablehlo.add %124, %130 : tensor<2xui32>
    %132 = stablehlo.constant dense<15> : tensor<2xui32>
    %133 = stablehlo.shift_left %130, %132 : tensor<2xui32>
    %134 = stablehlo.constant dense<17> : tensor<2xui32>
    %135 = stablehlo.shift_right_logical %130, %134 : tensor<2xui32>
    %136 = stablehlo.or %133, %135 : tensor<2xui32>
    %137 = stablehlo.xor %136, %131 : tensor<2xui32>
    %138 = stablehlo.add %131, %137 : tensor<2xui32>
    %139 = stablehlo.constant dense<26> : tensor<2xui32>
    %140 = stablehlo.shift_left %137, %139 : tensor<2xui32>
    %141 = stablehlo.constant dense<6> : tensor<2xui32>
    %142 = stablehlo.shift_right_logical %137, %141 : tensor<2xui32>
    %143 = stablehlo.or %140, %142 : tensor<2xui32>
    %144 = stablehlo.xor %143, %138 : tensor<2xui32>
    %145 = stablehlo.add %138, %144 : tensor<2xui32>
    %146 = stablehlo.constant dense<6> : tensor<2xui32>
    %147 = stablehlo.shift_left %144, %146 : tensor<2xui32>
    %148 = stablehlo.constant dense<26> : tensor<2xui32>
    %149 = stablehlo.shift_right_logical %144, %148 : tensor<2xui32>
    %150 = stablehlo.or %147, %149 : tensor<2xui32>
    %151 = stablehlo.xor %150, %145 : tensor<2xui32>
    %152 = stablehlo.add %145, %54 : tensor<2xui32>
    %153 = stablehlo.add %151, %41 : tensor<2xui32>
    %154 = stablehlo.constant dense<3> : tensor<2xui32>
    %155 = stablehlo.add %153, %154 : tensor<2xui32>
    %156 = stablehlo.add %152, %155 : tensor<2xui32>
    %157 = stablehlo.constant dense<17> : tensor<2xui32>
    %158 = stablehlo.shift_left %155, %157 : tensor<2xui32>
    %159 = stablehlo.constant dense<15> : tensor<2xui32>
    %160 = stablehlo.shift_right_logical %155, %159 : tensor<2xui32>
    %161 = stablehlo.or %158, %160 : tensor<2xui32>
    %162 = stablehlo.xor %161, %156 : tensor<2xui32>
    %163 = stablehlo.add %156, %162 : tensor<2xui32>
    %164 = stablehlo.constant dense<29> : tensor<2xui32>
    %165 = stablehlo.shift_left %162, %164 : tensor<2xui32>
    %166 = stablehlo.constant dense<3> : tensor<2xui32>
    %167 = stablehlo.shift_right_logical %162, %166 : tensor<2xui32>
    %168 = stablehlo.or %165, %167 : tensor<2xui32>
    %169 = stablehlo.xor %168, %163 : tensor<2xui32>
    %170 = stablehlo.add %163, %169 : tensor<2xui32>
    %171 = stablehlo.constant dense<16> : tensor<2xui32>
    %172 = stablehlo.shift_left %169, %171 : tensor<2xui32>
    %173 = stablehlo.constant dense<16> : tensor<2xui32>
    %174 = stablehlo.shift_right_logical %169, %173 : tensor<2xui32>
    %175 = stablehlo.or %172, %174 : tensor<2xui32>
    %176 = stablehlo.xor %175, %170 : tensor<2xui32>
    %177 = stablehlo.add %170, %176 : tensor<2xui32>
    %178 = stablehlo.constant dense<24> : tensor<2xui32>
    %179 = stablehlo.shift_left %176, %178 : tensor<2xui32>
    %180 = stablehlo.constant dense<8> : tensor<2xui32>
    %181 = stablehlo.shift_right_logical %176, %180 : tensor<2xui32>
    %182 = stablehlo.or %179, %181 : tensor<2xui32>
    %183 = stablehlo.xor %182, %177 : tensor<2xui32>
    %184 = stablehlo.add %177, %41 : tensor<2xui32>
    %185 = stablehlo.add %183, %57 : tensor<2xui32>
    %186 = stablehlo.constant dense<4> : tensor<2xui32>
    %187 = stablehlo.add %185, %186 : tensor<2xui32>
    %188 = stablehlo.add %184, %187 : tensor<2xui32>
    %189 = stablehlo.constant dense<13> : tensor<2xui32>
    %190 = stablehlo.shift_left %187, %189 : tensor<2xui32>
    %191 = stablehlo.constant dense<19> : tensor<2xui32>
    %192 = stablehlo.shift_right_logical %187, %191 : tensor<2xui32>
    %193 = stablehlo.or %190, %192 : tensor<2xui32>
    %194 = stablehlo.xor %193, %188 : tensor<2xui32>
    %195 = stablehlo.add %188, %194 : tensor<2xui32>
    %196 = stablehlo.constant dense<15> : tensor<2xui32>
    %197 = stablehlo.shift_left %194, %196 : tensor<2xui32>
    %198 = stablehlo.constant dense<17> : tensor<2xui32>
    %199 = stablehlo.shift_right_logical %194, %198 : tensor<2xui32>
    %200 = stablehlo.or %197, %199 : tensor<2xui32>
    %201 = stablehlo.xor %200, %195 : tensor<2xui32>
    %202 = stablehlo.add %195, %201 : tensor<2xui32>
    %203 = stablehlo.constant dense<26> : tensor<2xui32>
    %204 = stablehlo.shift_left %201, %203 : tensor<2xui32>
    %205 = stablehlo.constant dense<6> : tensor<2xui32>
    %206 = stablehlo.shift_right_logical %201, %205 : tensor<2xui32>
    %207 = stablehlo.or %204, %206 : tensor<2xui32>
    %208 = stablehlo.xor %207, %202 : tensor<2xui32>
    %209 = stablehlo.add %202, %208 : tensor<2xui32>
    %210 = stablehlo.constant dense<6> : tensor<2xui32>
    %211 = stablehlo.shift_left %208, %210 : tensor<2xui32>
    %212 = stablehlo.constant dense<26> : tensor<2xui32>
    %213 = stablehlo.shift_right_logical %208, %212 : tensor<2xui32>
    %214 = stablehlo.or %211, %213 : tensor<2xui32>
    %215 = stablehlo.xor %214, %209 : tensor<2xui32>
    %216 = stablehlo.add %209, %57 : tensor<2xui32>
    %217 = stablehlo.add %215, %54 : tensor<2xui32>
    %218 = stablehlo.constant dense<5> : tensor<2xui32>
    %219 = stablehlo.add %217, %218 : tensor<2xui32>
    %220:2 = stablehlo.optimization_barrier %216, %219 : tensor<2xui32>, tensor<2xui32>
    %221 = stablehlo.xor %220#0, %220#1 : tensor<2xui32>
    %222 = stablehlo.constant dense<9> : tensor<2xui32>
    %223 = stablehlo.shift_right_logical %221, %222 : tensor<2xui32>
    %224 = stablehlo.constant dense<1065353216> : tensor<2xui32>
    %225 = stablehlo.or %223, %224 : tensor<2xui32>
    %226 = stablehlo.bitcast_convert %225 : (tensor<2xui32>) -> tensor<2xf32>
    %227 = stablehlo.constant dense<1.0> : tensor<2xf32>
    %228 = stablehlo.subtract %226, %227 : tensor<2xf32>
    %229 = stablehlo.subtract %35, %34 : tensor<2xf32>
    %230 = stablehlo.multiply %228, %229 : tensor<2xf32>
    %231 = stablehlo.add %230, %34 : tensor<2xf32>
    %232 = stablehlo.maximum %34, %231 : tensor<2xf32>
    return %0, %2, %7, %12, %14, %24, %25, %26, %27, %28, %232 : tensor<1x3x4xf32>, tensor<1x2x4xf32>, tensor<4x4xf32>, tensor<9x6xf32>, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<2xf32>
  }
}
