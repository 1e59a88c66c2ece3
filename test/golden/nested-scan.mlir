module @loopcarry {
  func.func public @main() -> (tensor<i32>, tensor<4x4xi32>, tensor<4xi32>) {
    %0 = stablehlo.constant dense<0> : tensor<i32>
    %1 = stablehlo.constant dense<4> : tensor<i32>
    %2 = stablehlo.constant dense<0> : tensor<i32>
    %3 = stablehlo.constant dense<0> : tensor<4x4xi32>
    %4 = stablehlo.constant dense<0> : tensor<4xi32>
    %9:4 = stablehlo.while(%5 = %2, %6 = %0, %7 = %3, %8 = %4) : tensor<i32>, tensor<i32>, tensor<4x4xi32>, tensor<4xi32>
    cond {
      %10 = stablehlo.compare LT, %5, %1, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %10 : tensor<i1>
    } do {
      %11 = stablehlo.constant dense<1> : tensor<i32>
      %12 = stablehlo.constant dense<1> : tensor<i32>
      %13 = stablehlo.add %12, %5 : tensor<i32>
      %14 = stablehlo.constant dense<0> : tensor<i32>
      %15 = stablehlo.maximum %13, %14 : tensor<i32>
      %16 = stablehlo.constant dense<4> : tensor<i32>
      %17 = stablehlo.minimum %15, %16 : tensor<i32>
      %18 = stablehlo.constant dense<0> : tensor<i32>
      %19 = stablehlo.constant dense<0> : tensor<4xi32>
      %23:3 = stablehlo.while(%20 = %18, %21 = %6, %22 = %19) : tensor<i32>, tensor<i32>, tensor<4xi32>
      cond {
        %24 = stablehlo.compare LT, %20, %17, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %24 : tensor<i1>
      } do {
        %25 = stablehlo.constant dense<1> : tensor<i32>
        %26 = stablehlo.add %21, %20 : tensor<i32>
        %27 = stablehlo.reshape %21 : (tensor<i32>) -> tensor<1xi32>
        %28 = stablehlo.dynamic_update_slice %22, %27, %20 : (tensor<4xi32>, tensor<1xi32>, tensor<i32>) -> tensor<4xi32>
        %29 = stablehlo.add %20, %25 : tensor<i32>
        stablehlo.return %29, %26, %28 : tensor<i32>, tensor<i32>, tensor<4xi32>
      }
      %30 = stablehlo.reshape %23#2 : (tensor<4xi32>) -> tensor<1x4xi32>
      %31 = stablehlo.constant dense<0> : tensor<i32>
      %32 = stablehlo.dynamic_update_slice %7, %30, %5, %31 : (tensor<4x4xi32>, tensor<1x4xi32>, tensor<i32>, tensor<i32>) -> tensor<4x4xi32>
      %33 = stablehlo.reshape %17 : (tensor<i32>) -> tensor<1xi32>
      %34 = stablehlo.dynamic_update_slice %8, %33, %5 : (tensor<4xi32>, tensor<1xi32>, tensor<i32>) -> tensor<4xi32>
      %35 = stablehlo.add %5, %11 : tensor<i32>
      stablehlo.return %35, %23#1, %32, %34 : tensor<i32>, tensor<i32>, tensor<4x4xi32>, tensor<4xi32>
    }
    return %9#1, %9#2, %9#3 : tensor<i32>, tensor<4x4xi32>, tensor<4xi32>
  }
}
