import { existsSync, readFileSync } from "node:fs"
import { list } from "../../../native/files.ts"
import { type Finding, finding, nodes, runLonger } from "../findings.ts"
import type { Doctor } from "../platform.ts"

const chips = (): ReadonlyArray<string> =>
  list("/dev").flatMap((name) => (/^neuron\d+$/.test(name) ? [`/dev/${name}`] : []))

const driver = (): Finding => {
  const file = "/sys/module/neuron/version"
  return existsSync(file)
    ? finding(
        "neuron driver",
        "ok",
        `Neuron driver ${readFileSync(file, "utf8").trim()}`,
        undefined,
        "neuron"
      )
    : finding(
        "neuron driver",
        "absent",
        "no Neuron driver is loaded",
        "install aws-neuronx-dkms, if this is a Trainium or Inferentia instance",
        "neuron"
      )
}

export const neuronDoctor: Doctor = {
  isPresent: () => chips().length > 0,
  findings: () => [
    nodes("neuron", "neuron chips", chips(), {
      absent: "there is no /dev/neuron0",
      shut: "in a container: --device /dev/neuron0; else ask for the permissions of these files"
    }),
    driver()
  ],
  slow: runLonger
}
