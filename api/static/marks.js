// The shapes that stand for verdicts on the map: told apart by form, not by colour alone.

const RATIO = 2;

export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--stadsronde-${name}`).trim();
}

export const TRUCKS = 8;

export function addMarks(map) {
  for (let truck = 1; truck <= TRUCKS; truck += 1) {
    const colour = token(`truck-${truck}-color`);
    draw(map, `arrow-${truck}`, 20, (c) => {
      arrow(c, colour, "#fff", 3.4);
      arrow(c, colour, colour, 1.2);
    });
  }
  draw(map, "skip", 14, (c) => {
    disc(c, 7, 6, "#77868d");
    disc(c, 7, 4, "#fff");
  });
  draw(map, "carried", 30, (c) => {
    triangle(c, 15, 14, "#fff");
    triangle(c, 15, 11.6, "#a56300");
    c.fillStyle = "#fff";
    c.fillRect(13.9, 10.4, 2.2, 6.4);
    c.fillRect(13.9, 18.3, 2.2, 2.2);
  });
  draw(map, "selected", 48, (c) => {
    ring(c, 24, 20, 6, "#fff");
    ring(c, 24, 20, 3.4, token("focus-color"));
  });
  // Stops are drawn when first needed: "must-2-14" is stop 14 of the second truck. The number is
  // part of the mark, so that where marks overlap the upper one hides the lower one's number.
  map.on("styleimagemissing", ({ id }) => {
    const [verdict, truck, number] = id.split("-");
    if (verdict === "must" || verdict === "chosen") stop(map, id, verdict, truck, number);
  });
}

function stop(map, name, verdict, truck, number) {
  const must = verdict === "must";
  const size = must ? 34 : 26;
  const middle = size / 2;
  draw(map, name, size, (c) => {
    disc(c, middle, middle - 1.5, "#fff");
    if (must) {
      disc(c, middle, 14.2, token("color-ink"));
      disc(c, middle, 11.9, "#fff");
    }
    disc(c, middle, must ? 10.2 : 9.8, token(`truck-${truck}-color`));
    c.fillStyle = "#fff";
    c.font = `600 ${number?.length > 2 ? 10 : 12.5}px "Source Sans", sans-serif`;
    c.textAlign = "center";
    c.textBaseline = "alphabetic";
    if (number) c.fillText(number, middle, middle + 4.2);
  });
}

function draw(map, name, size, paint) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * RATIO;
  const context = canvas.getContext("2d");
  context.scale(RATIO, RATIO);
  paint(context);
  const image = context.getImageData(0, 0, canvas.width, canvas.height);
  map.addImage(name, image, { pixelRatio: RATIO });
}

function disc(context, centre, radius, colour) {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(centre, centre, radius, 0, 2 * Math.PI);
  context.fill();
}

function ring(context, centre, radius, width, colour) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.arc(centre, centre, radius, 0, 2 * Math.PI);
  context.stroke();
}

function triangle(context, centre, radius, colour) {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(centre, centre - radius);
  context.lineTo(centre + radius * 0.92, centre + radius * 0.68);
  context.lineTo(centre - radius * 0.92, centre + radius * 0.68);
  context.closePath();
  context.fill();
}

function arrow(context, colour, outline, width) {
  context.fillStyle = colour;
  context.strokeStyle = outline;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.beginPath();
  context.moveTo(5.5, 4);
  context.lineTo(16, 10);
  context.lineTo(5.5, 16);
  context.closePath();
  context.stroke();
  context.fill();
}
