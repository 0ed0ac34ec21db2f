import { z } from "zod";
import { described } from "./described.ts";
import { displayText, kubernetesName } from "./names.ts";

/** `cluster`: the Kubernetes cluster that runs the tools. */
export const cluster = described(
  z.strictObject({
    oidcIssuer: described(
      z
        .string()
        .regex(/^https:\/\/[^\s?#]+$/)
        .optional(),
      {
        description:
          "Issuer of the cluster's service-account tokens, character by character (AKS: `oidcIssuerProfile.issuerUrl`, with its slash at the end). Entra compares it exactly (AADSTS700211). Left out where `platform.cluster` makes the cluster.",
        allowed: "an https URL without query or fragment",
        example:
          "https://westeurope.oic.prod-aks.azure.com/9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10/0c6d1f4e-7a53-4a44-8d7f-3a9a2f1d5b60/",
      },
    ),
    context: displayText(
      "Context of the kubeconfig. Default: the current one; none where `platform.cluster` makes the cluster.",
      "contoso-prod",
    ).optional(),
    egress: described(
      z
        .union([
          z.literal("names"),
          z.strictObject({ addresses: displayText("Why names cannot be used.", "The cluster runs without Cilium.") }),
        ])
        .default("names"),
      {
        description:
          "How pods are held to the hosts that they need: by `names` (Cilium's policies; AKS with Azure CNI powered by Cilium and Advanced Container Networking), or by `addresses`, which opens HTTPS to the whole internet, with the reason. Default: names.",
        allowed: "names, or { addresses: <reason> }",
        example: "names",
      },
    ),
    gateway: described(
      z.strictObject({
        name: kubernetesName("Name of the Gateway that the tools' routes attach to.", "public"),
        namespace: kubernetesName("Namespace of that Gateway.", "gateway"),
        sectionName: kubernetesName(
          "Listener of the Gateway. Default: whichever accepts the host.",
          "https",
        ).optional(),
      }),
      {
        description: "The Gateway (Gateway API) that ends TLS for the tools' hosts.",
        allowed: "the keys name, namespace and, if wanted, sectionName",
        example: { name: "public", namespace: "gateway" },
      },
    ),
  }),
  {
    description: "The Kubernetes cluster that runs the tools.",
    allowed: "the keys gateway and oidcIssuer and, if wanted, context and egress",
    example: { oidcIssuer: "https://oidc.contoso.com/cluster-1", gateway: { name: "public", namespace: "gateway" } },
  },
);
