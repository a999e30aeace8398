/** A plain button over a picture that began without sound; it leaves when there is sound, however that came. */
export function soundButton(video: HTMLVideoElement, text: string): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'button sound-button'
  button.textContent = text
  const update = () => {
    button.hidden = !video.muted || video.paused
  }
  for (const event of ['volumechange', 'play', 'pause', 'playing']) video.addEventListener(event, update)
  button.addEventListener('click', () => {
    video.muted = false
    if (video.volume === 0) video.volume = 1
  })
  update()
  return button
}
