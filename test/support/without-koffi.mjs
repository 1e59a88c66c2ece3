// Loaded before a script (--import): as if koffi, the one native dependency, were not installed.
import Module, { register } from "node:module"

const resolve = Module._resolveFilename
Module._resolveFilename = function (request, ...rest) {
  if (/^(koffi|@koromix)(\/|$)/.test(request)) throw new Error(`Cannot find module '${request}'`)
  return resolve.call(this, request, ...rest)
}

const hook = `export const resolve = (name, context, next) => {
  if (/^(koffi|@koromix)(\\/|$)/.test(name)) throw new Error("Cannot find package '" + name + "'")
  return next(name, context)
}`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
