import { count } from "../../dsl/count.ts"
import { type DType, kindOf } from "../../dsl/dtype.ts"
import type { HostArrays } from "./host.ts"
import { showNumber } from "./layout.ts"

const notNumbers = (nans: number): string => (nans === 0 ? "" : `, ${nans} NaN`)

/** The mean of some of the numbers, the step between them given: complex numbers have parts in turn. */
const meanOf = (array: ArrayLike<number>, from: number, step: number): number => {
  let sum = 0
  for (let i = from; i < array.length; i += step) sum += array[i]!
  return sum / (array.length / step)
}

const ofComplex = (array: ArrayLike<number>): string => {
  let nans = 0
  for (let i = 0; i < array.length; i += 2) if (Number.isNaN(array[i]!) || Number.isNaN(array[i + 1]!)) nans++
  return `mean ${showNumber(meanOf(array, 0, 2))} ${showNumber(meanOf(array, 1, 2))}${notNumbers(nans)}`
}

const ofIntegers = (array: ArrayLike<bigint>): string => {
  let [min, max, sum] = [array[0]!, array[0]!, 0n]
  for (let i = 0; i < array.length; i++) {
    const value = array[i]!
    if (value < min) min = value
    if (value > max) max = value
    sum += value
  }
  return `min ${min}, max ${max}, mean ${showNumber(Number(sum) / array.length)}`
}

const ofNumbers = (array: ArrayLike<number>): string => {
  let [min, max, sum, nans] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0]
  for (let i = 0; i < array.length; i++) {
    const value = array[i]!
    if (Number.isNaN(value)) nans++
    else {
      if (value < min) min = value
      if (value > max) max = value
      sum += value
    }
  }
  const numbers = array.length - nans
  if (numbers === 0) return `all ${nans} NaN`
  return `min ${showNumber(min)}, max ${showNumber(max)}, mean ${showNumber(sum / numbers)}${notNumbers(nans)}`
}

/** The least, the greatest and the mean of an array that is not empty, its NaN counted and left out of them. */
export const statistics = (dtype: DType, array: HostArrays[DType]): string => {
  if (dtype === "bool") {
    let some = 0
    for (const value of array as Uint8Array) some += value
    return `true ${some} of ${count(array.length, "element")}`
  }
  if (dtype === "i64" || dtype === "u64") return ofIntegers(array as BigInt64Array)
  return kindOf(dtype) === "complex" ? ofComplex(array as Float64Array) : ofNumbers(array as Float64Array)
}
