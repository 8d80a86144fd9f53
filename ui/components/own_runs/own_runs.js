// The runs that this tab has submitted. Its browser keeps them: a reload is a new session of Streamlit's.
const NAME = "fmnist.own_runs"

/** @param {Component<{ submitted: string[], trained: string | null }, HTMLElement>} component */
export default function ({ data, setTriggerValue }) {
  if (data.submitted.length) {
    sessionStorage.setItem(NAME, JSON.stringify(data))
    return
  }
  const kept = sessionStorage.getItem(NAME)
  if (!kept) return
  sessionStorage.removeItem(NAME) // asked once: runs that are gone are not sent again
  setTriggerValue("kept", JSON.parse(kept))
}
