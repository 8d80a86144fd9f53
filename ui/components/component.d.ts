// What Streamlit calls a component's script with; `Root` is a shadow root unless the component is not isolated.
interface Component<Data, Root extends ParentNode = ShadowRoot> {
  data: Data
  parentElement: Root
  setStateValue(name: string, value: unknown): void
  setTriggerValue(name: string, value: unknown): void
}
