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
    %44 = stablehlo.xor %40, %41 : tensor<2xui32>
    %45 = stablehlo.constant dense<466688986> : tensor<2xui32>
    %46 = stablehlo.xor %44, %45 : tensor<2xui32>
    %47 = stablehlo.add %43, %40 : tensor<2xui32>
    %48 = stablehlo.add %42, %41 : tensor<2xui32>
    %49 = stablehlo.add %47, %48 : tensor<2xui32>
    %50 = stablehlo.constant dense<13> : tensor<2xui32>
    %51 = stablehlo.shift_left %48, %50 : tensor<2xui32>
    %52 = stablehlo.constant dense<19> : tensor<2xui32>
    %53 = stablehlo.shift_right_logical %48, %52 : tensor<2xui32>
    %54 = stablehlo.or %51, %53 : tensor<2xui32>
    %55 = stablehlo.xor %54, %49 : tensor<2xui32>
    %56 = stablehlo.add %49, %55 : tensor<2xui32>
    %57 = stablehlo.constant dense<15> : tensor<2xui32>
    %58 = stablehlo.shift_left %55, %57 : tensor<2xui32>
    %59 = stablehlo.constant dense<17> : tensor<2xui32>
    %60 = stablehlo.shift_right_logical %55, %59 : tensor<2xui32>
    %61 = stablehlo.or %58, %60 : tensor<2xui32>
    %62 = stablehlo.xor %61, %56 : tensor<2xui32>
    %63 = stablehlo.add %56, %62 : tensor<2xui32>
    %64 = stablehlo.constant dense<26> : tensor<2xui32>
    %65 = stablehlo.shift_left %62, %64 : tensor<2xui32>
    %66 = stablehlo.constant dense<6> : tensor<2xui32>
    %67 = stablehlo.shift_right_logical %62, %66 : tensor<2xui32>
    %68 = stablehlo.or %65, %67 : tensor<2xui32>
    %69 = stablehlo.xor %68, %63 : tensor<2xui32>
    %70 = stablehlo.add %63, %69 : tensor<2xui32>
    %71 = stablehlo.constant dense<6> : tensor<2xui32>
    %72 = stablehlo.shift_left %69, %71 : tensor<2xui32>
    %73 = stablehlo.constant dense<26> : tensor<2xui32>
    %74 = stablehlo.shift_right_logical %69, %73 : tensor<2xui32>
    %75 = stablehlo.or %72, %74 : tensor<2xui32>
    %76 = stablehlo.xor %75, %70 : tensor<2xui32>
    %77 = stablehlo.add %70, %41 : tensor<2xui32>
    %78 = stablehlo.add %76, %46 : tensor<2xui32>
    %79 = stablehlo.constant dense<1> : tensor<2xui32>
    %80 = stablehlo.add %78, %79 : tensor<2xui32>
    %81 = stablehlo.add %77, %80 : tensor<2xui32>
    %82 = stablehlo.constant dense<17> : tensor<2xui32>
    %83 = stablehlo.shift_left %80, %82 : tensor<2xui32>
    %84 = stablehlo.constant dense<15> : tensor<2xui32>
    %85 = stablehlo.shift_right_logical %80, %84 : tensor<2xui32>
    %86 = stablehlo.or %83, %85 : tensor<2xui32>
    %87 = stablehlo.xor %86, %81 : tensor<2xui32>
    %88 = stablehlo.add %81, %87 : tensor<2xui32>
    %89 = stablehlo.constant dense<29> : tensor<2xui32>
    %90 = stablehlo.shift_left %87, %89 : tensor<2xui32>
    %91 = stablehlo.constant dense<3> : tensor<2xui32>
    %92 = stablehlo.shift_right_logical %87, %91 : tensor<2xui32>
    %93 = stablehlo.or %90, %92 : tensor<2xui32>
    %94 = stablehlo.xor %93, %88 : tensor<2xui32>
    %95 = stablehlo.add %88, %94 : tensor<2xui32>
    %96 = stablehlo.constant dense<16> : tensor<2xui32>
    %97 = stablehlo.shift_left %94, %96 : tensor<2xui32>
    %98 = stablehlo.constant dense<16> : tensor<2xui32>
    %99 = stablehlo.shift_right_logical %94, %98 : tensor<2xui32>
    %100 = stablehlo.or %97, %99 : tensor<2xui32>
    %101 = stablehlo.xor %100, %95 : tensor<2xui32>
    %102 = stablehlo.add %95, %101 : tensor<2xui32>
    %103 = stablehlo.constant dense<24> : tensor<2xui32>
    %104 = stablehlo.shift_left %101, %103 : tensor<2xui32>
    %105 = stablehlo.constant dense<8> : tensor<2xui32>
    %106 = stablehlo.shift_right_logical %101, %105 : tensor<2xui32>
    %107 = stablehlo.or %104, %106 : tensor<2xui32>
    %108 = stablehlo.xor %107, %102 : tensor<2xui32>
    %109 = stablehlo.add %102, %46 : tensor<2xui32>
    %110 = stablehlo.add %108, %40 : tensor<2xui32>
    %111 = stablehlo.constant dense<2> : tensor<2xui32>
    %112 = stablehlo.add %110, %111 : tensor<2xui32>
    %113 = stablehlo.add %109, %112 : tensor<2xui32>
    %114 = stablehlo.constant dense<13> : tensor<2xui32>
    %115 = stablehlo.shift_left %112, %114 : tensor<2xui32>
    %116 = stablehlo.constant dense<19> : tensor<2xui32>
    %117 = stablehlo.shift_right_logical %112, %116 : tensor<2xui32>
    %118 = stablehlo.or %115, %117 : tensor<2xui32>
    %119 = stablehlo.xor %118, %113 : tensor<2xui32>
    %120 = stablehlo.add %113, %119 : tensor<2xui32>
    %121 = stablehlo.constant dense<15> : tensor<2xui32>
    %122 = stablehlo.shift_left %119, %121 : tensor<2xui32>
    %123 = stablehlo.constant dense<17> : tensor<2xui32>
    %124 = stablehlo.shift_right_logical %119, %123 : tensor<2xui32>
    %125 = stablehlo.or %122, %124 : tensor<2xui32>
    %126 = stablehlo.xor %125, %120 : tensor<2xui32>
    %127 = stablehlo.add %120, %126 : tensor<2xui32>
    %128 = stablehlo.constant dense<26> : tensor<2xui32>
    %129 = stablehlo.shift_left %126, %128 : tensor<2xui32>
    %130 = stablehlo.constant dense<6> : tensor<2xui32>
    %131 = stablehlo.shift_right_logical %126, %130 : tensor<2xui32>
    %132 = stablehlo.or %129, %131 : tensor<2xui32>
    %133 = stablehlo.xor %132, %127 : tensor<2xui32>
    %134 = stablehlo.add %127, %133 : tensor<2xui32>
    %135 = stablehlo.constant dense<6> : tensor<2xui32>
    %136 = stablehlo.shift_left %133, %135 : tensor<2xui32>
    %137 = stablehlo.constant dense<26> : tensor<2xui32>
    %138 = stablehlo.shift_right_logical %133, %137 : tensor<2xui32>
    %139 = stablehlo.or %136, %138 : tensor<2xui32>
    %140 = stablehlo.xor %139, %134 : tensor<2xui32>
    %141 = stablehlo.add %134, %40 : tensor<2xui32>
    %142 = stablehlo.add %140, %41 : tensor<2xui32>
    %143 = stablehlo.constant dense<3> : tensor<2xui32>
    %144 = stablehlo.add %142, %143 : tensor<2xui32>
    %145 = stablehlo.add %141, %144 : tensor<2xui32>
    %146 = stablehlo.constant dense<17> : tensor<2xui32>
    %147 = stablehlo.shift_left %144, %146 : tensor<2xui32>
    %148 = stablehlo.constant dense<15> : tensor<2xui32>
    %149 = stablehlo.shift_right_logical %144, %148 : tensor<2xui32>
    %150 = stablehlo.or %147, %149 : tensor<2xui32>
    %151 = stablehlo.xor %150, %145 : tensor<2xui32>
    %152 = stablehlo.add %145, %151 : tensor<2xui32>
    %153 = stablehlo.constant dense<29> : tensor<2xui32>
    %154 = stablehlo.shift_left %151, %153 : tensor<2xui32>
    %155 = stablehlo.constant dense<3> : tensor<2xui32>
    %156 = stablehlo.shift_right_logical %151, %155 : tensor<2xui32>
    %157 = stablehlo.or %154, %156 : tensor<2xui32>
    %158 = stablehlo.xor %157, %152 : tensor<2xui32>
    %159 = stablehlo.add %152, %158 : tensor<2xui32>
    %160 = stablehlo.constant dense<16> : tensor<2xui32>
    %161 = stablehlo.shift_left %158, %160 : tensor<2xui32>
    %162 = stablehlo.constant dense<16> : tensor<2xui32>
    %163 = stablehlo.shift_right_logical %158, %162 : tensor<2xui32>
    %164 = stablehlo.or %161, %163 : tensor<2xui32>
    %165 = stablehlo.xor %164, %159 : tensor<2xui32>
    %166 = stablehlo.add %159, %165 : tensor<2xui32>
    %167 = stablehlo.constant dense<24> : tensor<2xui32>
    %168 = stablehlo.shift_left %165, %167 : tensor<2xui32>
    %169 = stablehlo.constant dense<8> : tensor<2xui32>
    %170 = stablehlo.shift_right_logical %165, %169 : tensor<2xui32>
    %171 = stablehlo.or %168, %170 : tensor<2xui32>
    %172 = stablehlo.xor %171, %166 : tensor<2xui32>
    %173 = stablehlo.add %166, %41 : tensor<2xui32>
    %174 = stablehlo.add %172, %46 : tensor<2xui32>
    %175 = stablehlo.constant dense<4> : tensor<2xui32>
    %176 = stablehlo.add %174, %175 : tensor<2xui32>
    %177 = stablehlo.add %173, %176 : tensor<2xui32>
    %178 = stablehlo.constant dense<13> : tensor<2xui32>
    %179 = stablehlo.shift_left %176, %178 : tensor<2xui32>
    %180 = stablehlo.constant dense<19> : tensor<2xui32>
    %181 = stablehlo.shift_right_logical %176, %180 : tensor<2xui32>
    %182 = stablehlo.or %179, %181 : tensor<2xui32>
    %183 = stablehlo.xor %182, %177 : tensor<2xui32>
    %184 = stablehlo.add %177, %183 : tensor<2xui32>
    %185 = stablehlo.constant dense<15> : tensor<2xui32>
    %186 = stablehlo.shift_left %183, %185 : tensor<2xui32>
    %187 = stablehlo.constant dense<17> : tensor<2xui32>
    %188 = stablehlo.shift_right_logical %183, %187 : tensor<2xui32>
    %189 = stablehlo.or %186, %188 : tensor<2xui32>
    %190 = stablehlo.xor %189, %184 : tensor<2xui32>
    %191 = stablehlo.add %184, %190 : tensor<2xui32>
    %192 = stablehlo.constant dense<26> : tensor<2xui32>
    %193 = stablehlo.shift_left %190, %192 : tensor<2xui32>
    %194 = stablehlo.constant dense<6> : tensor<2xui32>
    %195 = stablehlo.shift_right_logical %190, %194 : tensor<2xui32>
    %196 = stablehlo.or %193, %195 : tensor<2xui32>
    %197 = stablehlo.xor %196, %191 : tensor<2xui32>
    %198 = stablehlo.add %191, %197 : tensor<2xui32>
    %199 = stablehlo.constant dense<6> : tensor<2xui32>
    %200 = stablehlo.shift_left %197, %199 : tensor<2xui32>
    %201 = stablehlo.constant dense<26> : tensor<2xui32>
    %202 = stablehlo.shift_right_logical %197, %201 : tensor<2xui32>
    %203 = stablehlo.or %200, %202 : tensor<2xui32>
    %204 = stablehlo.xor %203, %198 : tensor<2xui32>
    %205 = stablehlo.add %198, %46 : tensor<2xui32>
    %206 = stablehlo.add %204, %40 : tensor<2xui32>
    %207 = stablehlo.constant dense<5> : tensor<2xui32>
    %208 = stablehlo.add %206, %207 : tensor<2xui32>
    %209 = stablehlo.xor %205, %208 : tensor<2xui32>
    %210 = stablehlo.constant dense<9> : tensor<2xui32>
    %211 = stablehlo.shift_right_logical %209, %210 : tensor<2xui32>
    %212 = stablehlo.constant dense<1065353216> : tensor<2xui32>
    %213 = stablehlo.or %211, %212 : tensor<2xui32>
    %214 = stablehlo.bitcast_convert %213 : (tensor<2xui32>) -> tensor<2xf32>
    %215 = stablehlo.constant dense<1.0> : tensor<2xf32>
    %216 = stablehlo.subtract %214, %215 : tensor<2xf32>
    %217 = stablehlo.subtract %35, %34 : tensor<2xf32>
    %218 = stablehlo.multiply %216, %217 : tensor<2xf32>
    %219 = stablehlo.add %218, %34 : tensor<2xf32>
    %220 = stablehlo.optimization_barrier %34 : tensor<2xf32>
    %221 = stablehlo.maximum %220, %219 : tensor<2xf32>
    return %0, %2, %7, %12, %14, %24, %25, %26, %27, %28, %221 : tensor<1x3x4xf32>, tensor<1x2x4xf32>, tensor<4x4xf32>, tensor<9x6xf32>, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<2xf32>
  }
}
