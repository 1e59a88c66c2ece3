module @loopcarry {
  sdy.mesh @mesh = <["x"=2, "y"=2]>
  func.func public @main(%arg0: tensor<8x2xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>}, %arg1: tensor<2xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}]>}) -> (tensor<8x2xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>}, tensor<i32> {sdy.sharding = #sdy.sharding<@mesh, []>}, tensor<4x2xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>}) {
    %0 = stablehlo.broadcast_in_dim %arg1, dims = [1] : (tensor<2xf32>) -> tensor<2x2xf32>
    %1:3 = sdy.manual_computation(%0, %arg0) in_shardings=[<@mesh, [{}, {}]>, <@mesh, [{"x", "y"}, {}]>] out_shardings=[<@mesh, [{"x", "y"}, {}]>, <@mesh, []>, <@mesh, [{"y"}, {}]>] manual_axes={"x", "y"} (%2: tensor<2x2xf32>, %3: tensor<2x2xf32>) {
      %4 = stablehlo.partition_id : tensor<ui32>
      %5 = stablehlo.convert %4 : (tensor<ui32>) -> tensor<i32>
      %6 = stablehlo.constant dense<2> : tensor<i32>
      %7 = stablehlo.divide %5, %6 : tensor<i32>
      %8 = stablehlo.constant dense<2> : tensor<i32>
      %9 = stablehlo.remainder %7, %8 : tensor<i32>
      %10 = stablehlo.constant dense<1> : tensor<i32>
      %11 = stablehlo.divide %5, %10 : tensor<i32>
      %12 = stablehlo.constant dense<2> : tensor<i32>
      %13 = stablehlo.remainder %11, %12 : tensor<i32>
      %14 = stablehlo.multiply %3, %2 : tensor<2x2xf32>
      %15 = "stablehlo.collective_permute"(%14) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, source_target_pairs = dense<[[0, 2], [2, 0], [1, 3], [3, 1]]> : tensor<4x2xi64>}> : (tensor<2x2xf32>) -> tensor<2x2xf32>
      %16 = "stablehlo.all_gather"(%15) <{all_gather_dim = 0 : i64, channel_handle = #stablehlo.channel_handle<handle = 2, type = 1>, replica_groups = dense<[[0, 1], [2, 3]]> : tensor<2x2xi64>, use_global_device_ids}> : (tensor<2x2xf32>) -> tensor<4x2xf32>
      %17 = "stablehlo.reduce_scatter"(%16) <{scatter_dimension = 0 : i64, channel_handle = #stablehlo.channel_handle<handle = 3, type = 1>, replica_groups = dense<[[0, 1], [2, 3]]> : tensor<2x2xi64>, use_global_device_ids}> ({
      ^bb0(%18: tensor<f32>, %19: tensor<f32>):
        %20 = stablehlo.add %18, %19 : tensor<f32>
        stablehlo.return %20 : tensor<f32>
      }) : (tensor<4x2xf32>) -> tensor<2x2xf32>
      %21 = "stablehlo.all_reduce"(%9) <{channel_handle = #stablehlo.channel_handle<handle = 4, type = 1>, replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>, use_global_device_ids}> ({
      ^bb0(%22: tensor<i32>, %23: tensor<i32>):
        %24 = stablehlo.add %22, %23 : tensor<i32>
        stablehlo.return %24 : tensor<i32>
      }) : (tensor<i32>) -> tensor<i32>
      %25 = stablehlo.bitcast_convert %15 : (tensor<2x2xf32>) -> tensor<2x2xi32>
      %26 = stablehlo.constant dense<31> : tensor<2x2xi32>
      %27 = stablehlo.shift_right_arithmetic %25, %26 : tensor<2x2xi32>
      %28 = stablehlo.constant dense<2147483647> : tensor<2x2xi32>
      %29 = stablehlo.and %27, %28 : tensor<2x2xi32>
      %30 = stablehlo.xor %25, %29 : tensor<2x2xi32>
      %31 = stablehlo.compare NE, %15, %15, FLOAT : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xi1>
      %32 = stablehlo.constant dense<2147483647> : tensor<2x2xi32>
      %33 = stablehlo.select %31, %32, %30 : tensor<2x2xi1>, tensor<2x2xi32>
      %34 = "stablehlo.all_reduce"(%33) <{channel_handle = #stablehlo.channel_handle<handle = 5, type = 1>, replica_groups = dense<[[0, 2], [1, 3]]> : tensor<2x2xi64>, use_global_device_ids}> ({
      ^bb0(%35: tensor<i32>, %36: tensor<i32>):
        %37 = stablehlo.maximum %35, %36 : tensor<i32>
        stablehlo.return %37 : tensor<i32>
      }) : (tensor<2x2xi32>) -> tensor<2x2xi32>
      %38 = stablehlo.constant dense<31> : tensor<2x2xi32>
      %39 = stablehlo.shift_right_arithmetic %34, %38 : tensor<2x2xi32>
      %40 = stablehlo.constant dense<2147483647> : tensor<2x2xi32>
      %41 = stablehlo.and %39, %40 : tensor<2x2xi32>
      %42 = stablehlo.xor %34, %41 : tensor<2x2xi32>
      %43 = stablehlo.bitcast_convert %42 : (tensor<2x2xi32>) -> tensor<2x2xf32>
      sdy.return %17, %21, %43 : tensor<2x2xf32>, tensor<i32>, tensor<2x2xf32>
    } : (tensor<2x2xf32>, tensor<8x2xf32>) -> (tensor<8x2xf32>, tensor<i32>, tensor<4x2xf32>)
    %44 = sdy.sharding_constraint %1#0 <@mesh, [{"x"}, {"y"}]> : tensor<8x2xf32>
    %45 = sdy.manual_computation(%1#1) in_shardings=[<@mesh, []>] out_shardings=[<@mesh, []>] manual_axes={"x", "y"} (%46: tensor<i32>) {
      %47 = stablehlo.partition_id : tensor<ui32>
      %48 = stablehlo.constant dense<0> : tensor<ui32>
      %49 = stablehlo.compare EQ, %47, %48 : (tensor<ui32>, tensor<ui32>) -> tensor<i1>
      "stablehlo.if"(%49) ({
        stablehlo.custom_call @loopcarry_print(%46) {api_version = 4 : i32, has_side_effect = true, backend_config = {label = "total"}} : (tensor<i32>) -> ()
        stablehlo.return
      }, {
        stablehlo.return
      }) : (tensor<i1>) -> ()
      sdy.return %46 : tensor<i32>
    } : (tensor<i32>) -> tensor<i32>
    return %44, %45, %1#2 : tensor<8x2xf32>, tensor<i32>, tensor<4x2xf32>
  }
}
