"""What moves or sounds in a notebook's output and on the course's web pages: HTML with a script, from no library.

Where scripts are off, each is a picture that stands still.
"""

import html
import json
from collections.abc import Mapping

import numpy as np

from minae.data import sound
from minae.data.melody import BAR, Note, notes_in


def img(png: str, alt: str) -> str:
    """A picture, from its bytes in base64, and its text."""
    text = html.escape(alt).replace("$", "&#36;")  # Markdown would take what is between two $ for mathematics
    return f'<img alt="{text}" src="data:image/png;base64,{png}">'


SLIDER = """
<div style="max-width: {width}px">
{picture}
<script>
(() => {{
  const box = document.currentScript.parentElement, picture = box.querySelector("img");
  const label = document.createElement("label"), texts = {texts};
  label.innerHTML = '<input type="range" min="0" max="{last}" value="{start}" style="width: 60%"> <output></output>';
  const [slider, text] = label.children;
  slider.oninput = () => {{
    picture.style.objectPosition = 100 * slider.value / {last} + "% 0";
    text.textContent = texts[slider.value];
    slider.setAttribute("aria-valuetext", texts[slider.value]);
  }};
  picture.style.cssText = "width: 100%; aspect-ratio: {width} / {height}; object-fit: cover";
  picture.src = "data:image/png;base64,{strip}";
  box.append(label);
  slider.oninput();
}})();
</script>
</div>
"""


def slider_html(still: str, strip: str, size: tuple[int, int], texts: list[str], start: int, alt: str) -> str:
    """The still picture. A script puts all frames side by side in its place, of which one is seen, and a slider."""
    return SLIDER.format(
        picture=img(still, alt),
        width=size[0],
        height=size[1],
        last=max(1, len(texts) - 1),
        start=start,
        texts=json.dumps(texts).replace("<", "\\u003c"),
        strip=strip,
    )


KNOBS = """
<script>
(() => {
  const box = document.currentScript.parentElement, map = box.querySelector("img");
  const count = +box.dataset.count, width = +box.dataset.width, height = +box.dataset.height;
  const slider = name => `<label style="display: flex; gap: 1em; margin: 0.5em 0">
    <span style="width: 8em">${name}</span>
    <input type="range" min="-1" max="1" step="0.01" value="0" style="flex: 1">
    <output style="width: 3em; text-align: right"></output></label>`;
  const square = `<svg viewBox="-1.05 -1.05 2.1 2.1" style="width: 48%; touch-action: none; cursor: crosshair">
    <rect x="-1" y="-1" width="2" height="2" fill="white" stroke="gray" stroke-width="0.02"/>
    <path d="M -1 0 H 1 M 0 -1 V 1" stroke="silver" stroke-width="0.01"/><circle r="0.07" fill="#d62728"/></svg>`;
  const canvas = `<canvas width="${width}" height="${height}" style="width: 48%; background: black"></canvas>`;
  const begin = () => {
    const whole = document.createElement("canvas");
    [whole.width, whole.height] = [count * width, count * height];
    const page = whole.getContext("2d");
    page.drawImage(map, 0, 0);
    const greys = page.getImageData(0, 0, whole.width, whole.height).data;
    box.querySelector("details").open = false;
    box.insertAdjacentHTML("afterbegin", `<div style="display: flex; justify-content: space-between">
      ${canvas} ${square}</div> ${slider("first number")} ${slider("second number")}`);
    const [first, second] = box.querySelectorAll("input"), pad = box.querySelector("svg");
    const pen = box.querySelector("canvas").getContext("2d"), picture = pen.createImageData(width, height);
    const turn = () => {
      const x = (+first.value + 1) / 2 * (count - 1), y = (1 - second.value) / 2 * (count - 1);
      const left = Math.min(Math.floor(x), count - 2), top = Math.min(Math.floor(y), count - 2);
      for (let i = 0; i < width * height; i++) {
        let grey = 0;
        for (const [column, row] of [[left, top], [left + 1, top], [left, top + 1], [left + 1, top + 1]]) {
          const share = (1 - Math.abs(x - column)) * (1 - Math.abs(y - row));
          const line = row * height + Math.floor(i / width);
          grey += share * greys[4 * (line * whole.width + column * width + i % width)];
        }
        picture.data.set([grey, grey, grey, 255], 4 * i);
      }
      pen.putImageData(picture, 0, 0);
      pad.querySelector("circle").setAttribute("cx", first.value);
      pad.querySelector("circle").setAttribute("cy", -second.value);
      for (const one of [first, second]) one.nextElementSibling.textContent = (+one.value).toFixed(2);
    };
    const drag = event => {
      if (event.type === "pointermove" && !event.buttons) return;
      const area = pad.getBoundingClientRect();
      first.value = 2.1 * (event.clientX - area.left) / area.width - 1.05;
      second.value = 1.05 - 2.1 * (event.clientY - area.top) / area.height;
      turn();
    };
    first.oninput = second.oninput = turn;
    pad.onpointerdown = pad.onpointermove = drag;
    turn();
  };
  if (map.complete) begin(); else map.onload = begin;
})();
</script>
"""


def knobs_html(map_: str, count: int, width: int, height: int) -> str:
    """The map, folded. A script reads its pixels and puts a picture, a square with a point and two sliders above it."""
    about = f'data-count="{count}" data-width="{width}" data-height="{height}" style="max-width: 520px"'
    folded = f"<details open><summary>All pictures at once: the map</summary>{map_}</details>"
    return f"<div {about}>{folded}{KNOBS}</div>"


PLAYER = """
<script>
(() => {
  const box = document.currentScript.parentElement, voice = JSON.parse(box.dataset.voice);
  let stop = () => {};
  const play = (notes, steps, cursor, ended) => {
    const audio = window.audioOfMelodies ??= new AudioContext(), out = audio.createGain();
    const wave = audio.createPeriodicWave(new Float32Array(voice.wave.length), Float32Array.from(voice.wave));
    const begin = audio.currentTime + 0.1;
    audio.resume();
    out.connect(audio.destination);
    for (const [pitch, start, length] of notes) {
      const tone = audio.createOscillator(), volume = audio.createGain();
      const from = begin + start * voice.step, to = begin + (start + length) * voice.step - voice.gap;
      tone.setPeriodicWave(wave);
      tone.frequency.value = 440 * 2 ** ((pitch - 69) / 12);
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(voice.loudest, from + voice.attack);
      volume.gain.setTargetAtTime(voice.sustain * voice.loudest, from + voice.attack, voice.decay);
      volume.gain.setTargetAtTime(0, to - voice.release, voice.release / 4);
      tone.connect(volume).connect(out);
      tone.start(from);
      tone.stop(to);
    }
    const move = () => {
      const step = (audio.currentTime - begin) / voice.step;
      if (step >= steps) { stop(); return; }
      cursor.setAttribute("x", Math.max(0, step));
      frame = requestAnimationFrame(move);
    };
    let frame = requestAnimationFrame(move);
    return () => {
      cancelAnimationFrame(frame);
      out.disconnect();
      cursor.setAttribute("x", -1);
      stop = () => {};
      ended();
    };
  };
  for (const row of box.querySelectorAll("[data-notes]")) {
    const roll = row.querySelector("svg"), button = document.createElement("button");
    const label = (sign, what) => {
      button.textContent = sign;
      button.setAttribute("aria-label", what + " " + row.dataset.name);
    };
    button.style.cssText = "width: 2.4em; margin-right: 0.6em; cursor: pointer";
    label("\u25b6", "play");
    button.onclick = () => {
      const playsThis = button.textContent === "\u25a0";
      stop();
      if (playsThis) return;
      const cursor = roll.querySelector(".cursor"), ended = () => label("\u25b6", "play");
      stop = play(JSON.parse(row.dataset.notes), roll.viewBox.baseVal.width, cursor, ended);
      label("\u25a0", "stop");
    };
    row.firstElementChild.prepend(button);
  }
})();
</script>
"""


def player_html(melodies: Mapping[str, np.ndarray], alt: str, tempo: float) -> str:
    """A piano roll for each melody, with its name; a script puts a button before it, which plays the notes drawn.

    They sound as in `minae.data.write_wav`.
    """
    notes = {name: notes_in(steps) for name, steps in melodies.items()}
    pitches = [note.pitch for line in notes.values() for note in line] or [60]
    rows = (
        f'<div data-name="{html.escape(name)}" data-notes="{json.dumps(notes[name])}" style="margin: 0.4em 0">'
        f"<div>{html.escape(name)}</div>{_roll(notes[name], len(steps), min(pitches) - 1, max(pitches) + 1)}</div>"
        for name, steps in melodies.items()
    )
    voice = {
        "step": 60 / tempo / 4,
        "wave": [0, *sound.HARMONICS],
        **{name.lower(): getattr(sound, name) for name in ("ATTACK", "RELEASE", "GAP", "DECAY", "SUSTAIN", "LOUDEST")},
    }
    about = f'role="group" aria-label="{html.escape(alt)}" data-voice="{html.escape(json.dumps(voice))}"'
    return f'<div {about} style="max-width: 640px">{"".join(rows)}{PLAYER}</div>'


def _roll(notes: list[Note], steps: int, low: int, high: int) -> str:
    """A line for each bar and a box for each note, its pitch upwards, one unit a step and a semitone."""
    height = high - low + 1
    bars = "".join(f"M{bar} 0V{height}" for bar in range(0, steps + 1, BAR))
    boxes = "".join(
        f"M{start} {high - pitch}h{length - 0.15:g}v1h-{length - 0.15:g}z" for pitch, start, length in notes
    )
    return (
        f'<svg viewBox="0 0 {steps} {height}" preserveAspectRatio="none" aria-hidden="true" '
        f'style="width: 100%; height: {max(36, 4 * height)}px; background: white">'
        f'<path d="{bars}" stroke="silver" vector-effect="non-scaling-stroke"/><path d="{boxes}" fill="#1f77b4"/>'
        f'<rect class="cursor" x="-1" width="{steps / 160:g}" height="{height}" fill="#d62728"/></svg>'
    )
