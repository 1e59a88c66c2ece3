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
    %25 = stablehlo.iota dim = 0 : tensor<4xi32>
    %26 = stablehlo.broadcast_in_dim %25, dims = [0] : (tensor<4xi32>) -> tensor<4x4xi32>
    %27 = stablehlo.iota dim = 0 : tensor<4xi32>
    %28 = stablehlo.broadcast_in_dim %27, dims = [1] : (tensor<4xi32>) -> tensor<4x4xi32>
    %29 = stablehlo.constant dense<0.0> : tensor<4x4xf32>
    %30 = stablehlo.compare GT, %24, %29, FLOAT : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xi1>
    %31 = stablehlo.compare NE, %26, %28, SIGNED : (tensor<4x4xi32>, tensor<4x4xi32>) -> tensor<4x4xi1>
    %32 = stablehlo.or %30, %31 : tensor<4x4xi1>
    %33 = stablehlo.constant dense<true> : tensor<i1>
    %34 = stablehlo.reduce(%32 init: %33) applies stablehlo.and across dimensions = [0, 1] : (tensor<4x4xi1>, tensor<i1>) -> tensor<i1>
    %35 = stablehlo.broadcast_in_dim %34, dims = [] : (tensor<i1>) -> tensor<4x4xi1>
    %36 = stablehlo.constant dense<0x7FC00000> : tensor<4x4xf32>
    %37 = stablehlo.compare LT, %26, %28, SIGNED : (tensor<4x4xi32>, tensor<4x4xi32>) -> tensor<4x4xi1>
    %38 = stablehlo.or %35, %37 : tensor<4x4xi1>
    %39 = stablehlo.select %38, %24, %36 : tensor<4x4xi1>, tensor<4x4xf32>
    %40 = "stablehlo.triangular_solve"(%arg2, %arg2) <{left_side = true, lower = false, transpose_a = #stablehlo<transpose TRANSPOSE>, unit_diagonal = false}> : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
    %41 = chlo.erf %arg2 : tensor<4x4xf32> -> tensor<4x4xf32>
    %42 = chlo.lgamma %arg2 : tensor<4x4xf32> -> tensor<4x4xf32>
    %43 = chlo.asinh %arg2 : tensor<4x4xf32> -> tensor<4x4xf32>
    %44 = stablehlo.constant dense<0> : tensor<ui32>
    %45 = stablehlo.constant dense<0> : tensor<ui32>
    %46 = stablehlo.reshape %44 : (tensor<ui32>) -> tensor<1xui32>
    %47 = stablehlo.reshape %45 : (tensor<ui32>) -> tensor<1xui32>
    %48 = stablehlo.concatenate %46, %47, dim = 0 : (tensor<1xui32>, tensor<1xui32>) -> tensor<2xui32>
    %49 = stablehlo.constant dense<0.0> : tensor<2xf32>
    %50 = stablehlo.constant dense<1.0> : tensor<2xf32>
    %51 = stablehlo.slice %48 [0:1] : (tensor<2xui32>) -> tensor<1xui32>
    %52 = stablehlo.reshape %51 : (tensor<1xui32>) -> tensor<ui32>
    %53 = stablehlo.slice %48 [1:2] : (tensor<2xui32>) -> tensor<1xui32>
    %54 = stablehlo.reshape %53 : (tensor<1xui32>) -> tensor<ui32>
    %55 = stablehlo.broadcast_in_dim %52, dims = [] : (tensor<ui32>) -> tensor<2xui32>
    %56 = stablehlo.broadcast_in_dim %54, dims = [] : (tensor<ui32>) -> tensor<2xui32>
    %57 = stablehlo.iota dim = 0 : tensor<2xui32>
    %58 = stablehlo.constant dense<0> : tensor<2xui32>
    %59 = stablehlo.constant dense<0> : tensor<ui32>
    %60 = stablehlo.constant dense<1> : tensor<ui32>
    %61 = stablehlo.constant dense<2> : tensor<ui32>
    %64:2 = stablehlo.while(%62 = %59, %63 = %59) : tensor<ui32>, tensor<ui32>
    cond {
      %65 = stablehlo.compare LT, %62, %61, UNSIGNED : (tensor<ui32>, tensor<ui32>) -> tensor<i1>
      stablehlo.return %65 : tensor<i1>
    } do {
      %66 = stablehlo.add %62, %60 : tensor<ui32>
      %67 = stablehlo.add %63, %63 : tensor<ui32>
      stablehlo.return %66, %67 : tensor<ui32>, tensor<ui32>
    }
    %68 = stablehlo.broadcast_in_dim %64#1, dims = [] : (tensor<ui32>) -> tensor<2xui32>
    %69 = stablehlo.xor %55, %68 : tensor<2xui32>
    %70 = stablehlo.xor %69, %56 : tensor<2xui32>
    %71 = stablehlo.constant dense<466688986> : tensor<2xui32>
    %72 = stablehlo.xor %70, %71 : tensor<2xui32>
    %73 = stablehlo.add %58, %69 : tensor<2xui32>
    %74 = stablehlo.add %57, %56 : tensor<2xui32>
    %75 = stablehlo.add %73, %74 : tensor<2xui32>
    %76 = stablehlo.constant dense<13> : tensor<2xui32>
    %77 = stablehlo.shift_left %74, %76 : tensor<2xui32>
    %78 = stablehlo.constant dense<19> : tensor<2xui32>
    %79 = stablehlo.shift_right_logical %74, %78 : tensor<2xui32>
    %80 = stablehlo.or %77, %79 : tensor<2xui32>
    %81 = stablehlo.xor %80, %75 : tensor<2xui32>
    %82 = stablehlo.add %75, %81 : tensor<2xui32>
    %83 = stablehlo.constant dense<15> : tensor<2xui32>
    %84 = stablehlo.shift_left %81, %83 : tensor<2xui32>
    %85 = stablehlo.constant dense<17> : tensor<2xui32>
    %86 = stablehlo.shift_right_logical %81, %85 : tensor<2xui32>
    %87 = stablehlo.or %84, %86 : tensor<2xui32>
    %88 = stablehlo.xor %87, %82 : tensor<2xui32>
    %89 = stablehlo.add %82, %88 : tensor<2xui32>
    %90 = stablehlo.constant dense<26> : tensor<2xui32>
    %91 = stablehlo.shift_left %88, %90 : tensor<2xui32>
    %92 = stablehlo.constant dense<6> : tensor<2xui32>
    %93 = stablehlo.shift_right_logical %88, %92 : tensor<2xui32>
    %94 = stablehlo.or %91, %93 : tensor<2xui32>
    %95 = stablehlo.xor %94, %89 : tensor<2xui32>
    %96 = stablehlo.add %89, %95 : tensor<2xui32>
    %97 = stablehlo.constant dense<6> : tensor<2xui32>
    %98 = stablehlo.shift_left %95, %97 : tensor<2xui32>
    %99 = stablehlo.constant dense<26> : tensor<2xui32>
    %100 = stablehlo.shift_right_logical %95, %99 : tensor<2xui32>
    %101 = stablehlo.or %98, %100 : tensor<2xui32>
    %102 = stablehlo.xor %101, %96 : tensor<2xui32>
    %103 = stablehlo.add %96, %56 : tensor<2xui32>
    %104 = stablehlo.add %102, %72 : tensor<2xui32>
    %105 = stablehlo.constant dense<1> : tensor<2xui32>
    %106 = stablehlo.add %104, %105 : tensor<2xui32>
    %107 = stablehlo.add %103, %106 : tensor<2xui32>
    %108 = stablehlo.constant dense<17> : tensor<2xui32>
    %109 = stablehlo.shift_left %106, %108 : tensor<2xui32>
    %110 = stablehlo.constant dense<15> : tensor<2xui32>
    %111 = stablehlo.shift_right_logical %106, %110 : tensor<2xui32>
    %112 = stablehlo.or %109, %111 : tensor<2xui32>
    %113 = stablehlo.xor %112, %107 : tensor<2xui32>
    %114 = stablehlo.add %107, %113 : tensor<2xui32>
    %115 = stablehlo.constant dense<29> : tensor<2xui32>
    %116 = stablehlo.shift_left %113, %115 : tensor<2xui32>
    %117 = stablehlo.constant dense<3> : tensor<2xui32>
    %118 = stablehlo.shift_right_logical %113, %117 : tensor<2xui32>
    %119 = stablehlo.or %116, %118 : tensor<2xui32>
    %120 = stablehlo.xor %119, %114 : tensor<2xui32>
    %121 = stablehlo.add %114, %120 : tensor<2xui32>
    %122 = stablehlo.constant dense<16> : tensor<2xui32>
    %123 = stablehlo.shift_left %120, %122 : tensor<2xui32>
    %124 = stablehlo.constant dense<16> : tensor<2xui32>
    %125 = stablehlo.shift_right_logical %120, %124 : tensor<2xui32>
    %126 = stablehlo.or %123, %125 : tensor<2xui32>
    %127 = stablehlo.xor %126, %121 : tensor<2xui32>
    %128 = stablehlo.add %121, %127 : tensor<2xui32>
    %129 = stablehlo.constant dense<24> : tensor<2xui32>
    %130 = stablehlo.shift_left %127, %129 : tensor<2xui32>
    %131 = stablehlo.constant dense<8> : tensor<2xui32>
    %132 = stablehlo.shift_right_logical %127, %131 : tensor<2xui32>
    %133 = stablehlo.or %130, %132 : tensor<2xui32>
    %134 = stablehlo.xor %133, %128 : tensor<2xui32>
    %135 = stablehlo.add %128, %72 : tensor<2xui32>
    %136 = stablehlo.add %134, %69 : tensor<2xui32>
    %137 = stablehlo.constant dense<2> : tensor<2xui32>
    %138 = stablehlo.add %136, %137 : tensor<2xui32>
    %139 = stablehlo.add %135, %138 : tensor<2xui32>
    %140 = stablehlo.constant dense<13> : tensor<2xui32>
    %141 = stablehlo.shift_left %138, %140 : tensor<2xui32>
    %142 = stablehlo.constant dense<19> : tensor<2xui32>
    %143 = stablehlo.shift_right_logical %138, %142 : tensor<2xui32>
    %144 = stablehlo.or %141, %143 : tensor<2xui32>
    %145 = stablehlo.xor %144, %139 : tensor<2xui32>
    %146 = stablehlo.add %139, %145 : tensor<2xui32>
    %147 = stablehlo.constant dense<15> : tensor<2xui32>
    %148 = stablehlo.shift_left %145, %147 : tensor<2xui32>
    %149 = stablehlo.constant dense<17> : tensor<2xui32>
    %150 = stablehlo.shift_right_logical %145, %149 : tensor<2xui32>
    %151 = stablehlo.or %148, %150 : tensor<2xui32>
    %152 = stablehlo.xor %151, %146 : tensor<2xui32>
    %153 = stablehlo.add %146, %152 : tensor<2xui32>
    %154 = stablehlo.constant dense<26> : tensor<2xui32>
    %155 = stablehlo.shift_left %152, %154 : tensor<2xui32>
    %156 = stablehlo.constant dense<6> : tensor<2xui32>
    %157 = stablehlo.shift_right_logical %152, %156 : tensor<2xui32>
    %158 = stablehlo.or %155, %157 : tensor<2xui32>
    %159 = stablehlo.xor %158, %153 : tensor<2xui32>
    %160 = stablehlo.add %153, %159 : tensor<2xui32>
    %161 = stablehlo.constant dense<6> : tensor<2xui32>
    %162 = stablehlo.shift_left %159, %161 : tensor<2xui32>
    %163 = stablehlo.constant dense<26> : tensor<2xui32>
    %164 = stablehlo.shift_right_logical %159, %163 : tensor<2xui32>
    %165 = stablehlo.or %162, %164 : tensor<2xui32>
    %166 = stablehlo.xor %165, %160 : tensor<2xui32>
    %167 = stablehlo.add %160, %69 : tensor<2xui32>
    %168 = stablehlo.add %166, %56 : tensor<2xui32>
    %169 = stablehlo.constant dense<3> : tensor<2xui32>
    %170 = stablehlo.add %168, %169 : tensor<2xui32>
    %171 = stablehlo.add %167, %170 : tensor<2xui32>
    %172 = stablehlo.constant dense<17> : tensor<2xui32>
    %173 = stablehlo.shift_left %170, %172 : tensor<2xui32>
    %174 = stablehlo.constant dense<15> : tensor<2xui32>
    %175 = stablehlo.shift_right_logical %170, %174 : tensor<2xui32>
    %176 = stablehlo.or %173, %175 : tensor<2xui32>
    %177 = stablehlo.xor %176, %171 : tensor<2xui32>
    %178 = stablehlo.add %171, %177 : tensor<2xui32>
    %179 = stablehlo.constant dense<29> : tensor<2xui32>
    %180 = stablehlo.shift_left %177, %179 : tensor<2xui32>
    %181 = stablehlo.constant dense<3> : tensor<2xui32>
    %182 = stablehlo.shift_right_logical %177, %181 : tensor<2xui32>
    %183 = stablehlo.or %180, %182 : tensor<2xui32>
    %184 = stablehlo.xor %183, %178 : tensor<2xui32>
    %185 = stablehlo.add %178, %184 : tensor<2xui32>
    %186 = stablehlo.constant dense<16> : tensor<2xui32>
    %187 = stablehlo.shift_left %184, %186 : tensor<2xui32>
    %188 = stablehlo.constant dense<16> : tensor<2xui32>
    %189 = stablehlo.shift_right_logical %184, %188 : tensor<2xui32>
    %190 = stablehlo.or %187, %189 : tensor<2xui32>
    %191 = stablehlo.xor %190, %185 : tensor<2xui32>
    %192 = stablehlo.add %185, %191 : tensor<2xui32>
    %193 = stablehlo.constant dense<24> : tensor<2xui32>
    %194 = stablehlo.shift_left %191, %193 : tensor<2xui32>
    %195 = stablehlo.constant dense<8> : tensor<2xui32>
    %196 = stablehlo.shift_right_logical %191, %195 : tensor<2xui32>
    %197 = stablehlo.or %194, %196 : tensor<2xui32>
    %198 = stablehlo.xor %197, %192 : tensor<2xui32>
    %199 = stablehlo.add %192, %56 : tensor<2xui32>
    %200 = stablehlo.add %198, %72 : tensor<2xui32>
    %201 = stablehlo.constant dense<4> : tensor<2xui32>
    %202 = stablehlo.add %200, %201 : tensor<2xui32>
    %203 = stablehlo.add %199, %202 : tensor<2xui32>
    %204 = stablehlo.constant dense<13> : tensor<2xui32>
    %205 = stablehlo.shift_left %202, %204 : tensor<2xui32>
    %206 = stablehlo.constant dense<19> : tensor<2xui32>
    %207 = stablehlo.shift_right_logical %202, %206 : tensor<2xui32>
    %208 = stablehlo.or %205, %207 : tensor<2xui32>
    %209 = stablehlo.xor %208, %203 : tensor<2xui32>
    %210 = stablehlo.add %203, %209 : tensor<2xui32>
    %211 = stablehlo.constant dense<15> : tensor<2xui32>
    %212 = stablehlo.shift_left %209, %211 : tensor<2xui32>
    %213 = stablehlo.constant dense<17> : tensor<2xui32>
    %214 = stablehlo.shift_right_logical %209, %213 : tensor<2xui32>
    %215 = stablehlo.or %212, %214 : tensor<2xui32>
    %216 = stablehlo.xor %215, %210 : tensor<2xui32>
    %217 = stablehlo.add %210, %216 : tensor<2xui32>
    %218 = stablehlo.constant dense<26> : tensor<2xui32>
    %219 = stablehlo.shift_left %216, %218 : tensor<2xui32>
    %220 = stablehlo.constant dense<6> : tensor<2xui32>
    %221 = stablehlo.shift_right_logical %216, %220 : tensor<2xui32>
    %222 = stablehlo.or %219, %221 : tensor<2xui32>
    %223 = stablehlo.xor %222, %217 : tensor<2xui32>
    %224 = stablehlo.add %217, %223 : tensor<2xui32>
    %225 = stablehlo.constant dense<6> : tensor<2xui32>
    %226 = stablehlo.shift_left %223, %225 : tensor<2xui32>
    %227 = stablehlo.constant dense<26> : tensor<2xui32>
    %228 = stablehlo.shift_right_logical %223, %227 : tensor<2xui32>
    %229 = stablehlo.or %226, %228 : tensor<2xui32>
    %230 = stablehlo.xor %229, %224 : tensor<2xui32>
    %231 = stablehlo.add %224, %72 : tensor<2xui32>
    %232 = stablehlo.add %230, %69 : tensor<2xui32>
    %233 = stablehlo.constant dense<5> : tensor<2xui32>
    %234 = stablehlo.add %232, %233 : tensor<2xui32>
    %235:2 = stablehlo.optimization_barrier %231, %234 : tensor<2xui32>, tensor<2xui32>
    %236 = stablehlo.xor %235#0, %235#1 : tensor<2xui32>
    %237 = stablehlo.constant dense<9> : tensor<2xui32>
    %238 = stablehlo.shift_right_logical %236, %237 : tensor<2xui32>
    %239 = stablehlo.constant dense<1065353216> : tensor<2xui32>
    %240 = stablehlo.or %238, %239 : tensor<2xui32>
    %241 = stablehlo.bitcast_convert %240 : (tensor<2xui32>) -> tensor<2xf32>
    %242 = stablehlo.constant dense<1.0> : tensor<2xf32>
    %243 = stablehlo.subtract %241, %242 : tensor<2xf32>
    %244 = stablehlo.subtract %50, %49 : tensor<2xf32>
    %245 = stablehlo.multiply %243, %244 : tensor<2xf32>
    %246 = stablehlo.add %245, %49 : tensor<2xf32>
    %247 = stablehlo.maximum %49, %246 : tensor<2xf32>
    return %0, %2, %7, %12, %14, %39, %40, %41, %42, %43, %247 : tensor<1x3x4xf32>, tensor<1x2x4xf32>, tensor<4x4xf32>, tensor<9x6xf32>, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<2xf32>
  }
}
