import { functionOf, options } from "../support/functions/options.ts"
import { againstJax } from "../support/jax-suite.ts"

againstJax("functions made of other operations", "functions.json", functionOf, Object.keys(options))
