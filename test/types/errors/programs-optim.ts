/**
 * Programs with one mistake each, as users write them: optimizers. What the compiler says, and what a run says, is in
 * wrong-programs.snapshot.txt.
 */

import * as lc from "loopcarry"
import { adam, adamw, applyUpdates, chain, clip, lbfgs, multiSteps, sgd } from "loopcarry/optim"

const { f32, i32, jit } = lc

export const integersAreTrained = () =>
  jit([{ w: f32(3), layers: [{ n: i32(2) }] }], (params) => adam(0.1).init(params))

export const gradientsOfIntegers = () =>
  jit([{ n: i32(2) }], (params) => sgd(0.1).update(params, { count: lc.scalar(0, "i32"), trace: null })[0])

export const booleansAreUpdated = () => jit([{ done: lc.bool(2) }], (params) => applyUpdates(params, params))

export const ratesAreNoParameters = () => adam(0.1).init({ rate: 0.1 })

export const decayWithoutParameters = () =>
  jit([{ w: f32(3) }], (grads) => adamw(0.1).update(grads, adamw(0.1).init(grads))[0])

export const chainWithoutParameters = () =>
  jit([{ w: f32(3) }], (grads) => {
    const optimizer = chain(clip(1), adamw(0.1))
    return optimizer.update(grads, optimizer.init(grads))[0]
  })

export const searchWithoutALoss = () => jit([f32(3)], (w) => lbfgs().update(w, lbfgs().init(w), w)[0])

export const optionIsMisspelt = () => adam(0.1, { beta1: 0.9 })

export const rateIsAText = () => adam("0.1")

export const chainOfALearningRate = () => chain(clip(1), 0.1)

export const everyIsAText = () => multiSteps(adam(0.1), "4")
