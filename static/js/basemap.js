// The ground that every map stands on: streets from the directory's own file where it has one, else outlines of the land,
// or the tiles of the operator's server. Leaflet and all else is fetched once there is a map to see.
"use strict";
const basemap = (() => {
  const STREETS_FROM = 9; // zoom; the outlines stay beneath, and alone above
  const KINDS = ["minor", "street", "avenue", "main", "highway"];
  const WIDTHS = { // pixels by zoom
    highway: [[9, 1.5], [11, 2.6], [13, 4.2], [15, 7], [17, 12]],
    main: [[9, 0.7], [11, 1.5], [13, 3.2], [15, 6], [17, 11]],
    avenue: [[11, 0.6], [12, 1.1], [13, 2.2], [15, 5], [17, 10]],
    street: [[13, 0.6], [14, 1.3], [15, 3.2], [16, 5], [17, 9]],
    minor: [[15, 1.2], [17, 4]],
  };
  const EDGED_FROM = { highway: 11, main: 12, avenue: 13, street: 15, minor: 16 };
  const NAMED_FROM = { highway: 13, main: 12, avenue: 13, street: 15, minor: 16 };
  const MARKER = 30; // pixels: larger than the smallest target that WCAG 2.2 asks for
  const FIRST_PART = "bytes=0-16383"; // what the renderer reads of the streets' file first
  const PATIENCE_MS = 1500;
  let parts = null;
  let renderer = Promise.resolve(false); // whether there is one
  let outlines = null;

  function load(data) {
    parts ??= fetchParts(data).catch((error) => {
      parts = null;
      throw error;
    });
    return parts;
  }

  async function fetchParts({ leafletScript, leafletStyle, mapStyle, streets, streetsScript, tiles }) {
    const first = document.querySelector("link[rel=stylesheet]");
    const styles = [leafletStyle, mapStyle].map((href) => Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
    first.after(...styles); // so that the page's own rules come later
    const script = (src, fetchPriority) => {
      const element = Object.assign(document.createElement("script"), { src, fetchPriority });
      document.head.append(element);
      return whenLoaded(element);
    };
    const needed = [...styles.map(whenLoaded), script(leafletScript, "high")];
    if (streets && !tiles) {
      fetch(streets, { headers: { Range: FIRST_PART } }).catch(() => {}); // which the renderer then finds in the cache
      renderer = script(streetsScript, "low").then(() => true, () => false);
    }
    await Promise.all(needed);
  }

  function whenLoaded(part) {
    return new Promise((done, failed) => {
      part.addEventListener("load", done);
      part.addEventListener("error", failed);
    });
  }

  /** A map in `box`. `data` holds the addresses and words of templates/places/_map.html. */
  function make(box, data) {
    const hasStreets = Boolean(data.streets) && !data.tiles;
    const map = L.map(box, {
      zoomControl: false,
      scrollWheelZoom: false,
      zoomSnap: hasStreets ? 1 : 0.25, // letters of streets are sharp at whole zooms alone
      maxZoom: hasStreets ? 17 : 16,
      minZoom: 3,
      attributionControl: hasStreets || Boolean(data.tiles),
    });
    map.attributionControl?.setPrefix(false);
    L.control.zoom({ position: "bottomright", zoomInTitle: data.zoomIn, zoomOutTitle: data.zoomOut }).addTo(map); // popups open at the top
    if (data.tiles) {
      L.tileLayer(data.tiles, { attribution: data.tilesAttribution, referrerPolicy: "no-referrer" }).addTo(map);
    } else {
      map.once("load", () => addGround(map, data));
    }
    box.addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
    return map;
  }

  /** Streets first, since most look at them alone, then the outlines beneath. */
  async function addGround(map, data) {
    const streets = (await renderer) && map.getContainer().isConnected ? addStreets(map, data) : null;
    if (streets && map.getZoom() >= STREETS_FROM) {
      await new Promise((done) => {
        streets.once("load", done);
        setTimeout(done, PATIENCE_MS);
      });
    }
    if (map.getContainer().isConnected) addOutlines(map, data.outlines, streets);
  }

  function addStreets(map, { streets, streetsAttribution }) {
    const box = map.getContainer();
    const layer = protomapsL.leafletLayer({
      url: streets,
      attribution: streetsAttribution,
      lang: document.documentElement.lang,
      minZoom: STREETS_FROM,
      maxDataZoom: 14,
      devicePixelRatio: Math.min(window.devicePixelRatio, 2),
      ...rules(box),
    }).addTo(map);
    const scheme = window.matchMedia("(prefers-color-scheme: dark)");
    const recolor = () => {
      Object.assign(layer, rules(box));
      layer.clearLayout();
      layer.rerenderTiles();
    };
    scheme.addEventListener("change", recolor);
    map.on("unload", () => scheme.removeEventListener("change", recolor));
    const mark = () => box.classList.toggle("has-streets", map.getZoom() >= STREETS_FROM);
    map.on("zoomend", mark);
    mark();
    return layer;
  }

  /** How streets are painted and named, in the colors and letters of the page as it looks now. */
  function rules(box) {
    const { PolygonSymbolizer, LineSymbolizer, CenteredTextSymbolizer, LineLabelSymbolizer, LineLabelPlacement, Padding, exp } = protomapsL;
    const style = getComputedStyle(box);
    const color = (name) => style.getPropertyValue(`--${name}`).trim();
    const letters = style.fontFamily;
    const area = (dataLayer, fill) => ({ dataLayer, symbolizer: new PolygonSymbolizer({ fill }) });
    const line = (kind, paint, edge) => ({
      dataLayer: "roads",
      minzoom: edge ? EDGED_FROM[kind] : 0,
      filter: (zoom, { props }) => props.kind === kind,
      symbolizer: new LineSymbolizer({ color: paint, width: (zoom) => exp(1.4, WIDTHS[kind])(zoom) + edge, lineCap: "round", lineJoin: "round" }),
    });
    const named = (kind, size, weight) => ({
      dataLayer: "roads",
      minzoom: NAMED_FROM[kind],
      filter: (zoom, { props }) => props.kind === kind && !props.number,
      symbolizer: alongBends(new LineLabelSymbolizer({
        font: `${weight} ${size}px ${letters}`, fill: color("map-ink"), stroke: color("map-halo"), width: 3,
        position: LineLabelPlacement.Center, repeatDistance: 320,
      })),
    });
    const placeSize = (zoom, { props }) => (props.land >= 400 ? 16 : props.land >= 40 ? 13.5 : 12) + (zoom > 12 ? 1 : 0);
    return {
      paintRules: [
        area("earth", color("land")),
        area("water", color("sea")),
        ...KINDS.map((kind) => line(kind, color(`map-${kind}-edge`), 1.6)),
        ...KINDS.map((kind) => line(kind, color(`map-${kind}`), 0)),
      ],
      labelRules: [
        {
          dataLayer: "places",
          maxzoom: 14,
          sort: (one, other) => other.land - one.land,
          symbolizer: new Padding(4, new CenteredTextSymbolizer({
            font: (zoom, feature) => `600 ${placeSize(zoom, feature)}px ${letters}`,
            fill: color("map-place"), stroke: color("map-halo"), width: 2, lineHeight: 1.4, maxLineChars: 14,
          })),
        },
        { dataLayer: "roads", minzoom: 10, filter: (zoom, { props }) => Boolean(props.number), symbolizer: shield(letters, color) },
        named("main", 12, 600),
        named("highway", 12, 600),
        named("avenue", 11.5, 500),
        named("street", 11, 400),
      ],
    };
  }

  /** Names stand on straight lines alone, so lines are first made as straight as a name may stray from its street. */
  function alongBends(symbolizer) {
    return { place: (layout, lines, feature) => symbolizer.place(layout, lines.map((line) => straightened(line, 3)), feature) };
  }

  /** The points of a line that stray more than `tolerance` pixels from the line between others (Douglas-Peucker). */
  function straightened(line, tolerance) {
    const [first, last] = [line[0], line.at(-1)];
    const across = last.sub(first);
    const length = across.mag() || 1;
    let [farthest, index] = [tolerance, 0];
    for (let each = 1; each < line.length - 1; each += 1) {
      const { x, y } = line[each].sub(first);
      const away = Math.abs(across.x * y - across.y * x) / length;
      if (away > farthest) [farthest, index] = [away, each];
    }
    if (index === 0) return [first, last];
    return [...straightened(line.slice(0, index + 1), tolerance).slice(0, -1), ...straightened(line.slice(index), tolerance)];
  }

  /** The number of a route on a small sign at the middle of its longest line, now and then. */
  function shield(letters, color) {
    return {
      place({ scratch, zoom }, lines, { props }) {
        const line = lines.reduce((longest, each) => (each.length > longest.length ? each : longest));
        const anchor = line[Math.floor(line.length / 2)].clone();
        const font = `700 ${zoom < 12 ? 10 : 11}px ${letters}`;
        scratch.font = font;
        const [width, height] = [Math.max(scratch.measureText(props.number).width + 9, 19), 17];
        const room = { minX: anchor.x - width / 2 - 3, maxX: anchor.x + width / 2 + 3, minY: anchor.y - height / 2 - 3, maxY: anchor.y + height / 2 + 3 };
        const draw = (canvas) => {
          canvas.globalAlpha = 1;
          canvas.beginPath();
          canvas.roundRect(-width / 2, -height / 2, width, height, 4);
          canvas.fillStyle = color("map-sign");
          canvas.fill();
          canvas.lineWidth = 1;
          canvas.strokeStyle = color("map-sign-edge");
          canvas.stroke();
          canvas.fillStyle = color("map-sign-ink");
          canvas.font = font;
          canvas.textAlign = "center";
          canvas.textBaseline = "middle";
          canvas.fillText(props.number, 0, 0.5);
        };
        return [{ anchor, bboxes: [room], draw, deduplicationKey: props.number, deduplicationDistance: 220 }];
      },
    };
  }

  async function addOutlines(map, address, streets) {
    map.createPane("ground").style.zIndex = 150; // beneath the streets
    outlines ??= fetch(address).then((answer) => answer.json());
    const shapes = await outlines;
    const hasNamesOfItsOwn = streets ? await within(streets) : () => false;
    if (!map.getContainer().isConnected) return;
    L.geoJSON(shapes, {
      pane: "ground",
      interactive: false,
      filter: (feature) => feature.properties.kind !== "city",
      style: (feature) => ({ className: feature.properties.kind, fill: feature.properties.kind === "land" }),
    }).addTo(map);
    const cities = shapes.features.filter((feature) => feature.properties.kind === "city");
    const labels = L.layerGroup().addTo(map);
    const label = () => {
      labels.clearLayers();
      const zoom = map.getZoom();
      for (const city of cities) {
        const [longitude, latitude] = city.geometry.coordinates;
        if (zoom < city.properties.fromZoom || (zoom >= STREETS_FROM && hasNamesOfItsOwn(longitude, latitude))) continue;
        const icon = L.divIcon({ className: "map-label", iconSize: [120, 16] });
        const marker = L.marker([latitude, longitude], { icon, interactive: false, keyboard: false, zIndexOffset: -1000 });
        marker.addTo(labels);
        marker.getElement().textContent = city.properties.name;
      }
    };
    map.on("zoomend", label);
    label();
  }

  /** Tells which points the file of streets covers. */
  async function within(streets) {
    try {
      const { minLon, maxLon, minLat, maxLat } = await streets.views.get("").tileCache.source.p.getHeader();
      return (longitude, latitude) => longitude >= minLon && longitude <= maxLon && latitude >= minLat && latitude <= maxLat;
    } catch {
      return () => false; // the file is gone: the outlines stay
    }
  }

  // Markers that would cover each other at this zoom become one, at the place of the first.
  function grouped(map, items) {
    const widest = widthOf(`${items.at(-1)?.number} +${items.length}`);
    const groups = [];
    for (const item of items) {
      const { x, y } = map.project(item.point);
      const group = groups.find((other) => Math.abs(other.x - x) < widest && Math.abs(other.y - y) < MARKER);
      if (group) group.items.push(item);
      else groups.push({ x, y, items: [item] });
    }
    return groups.map((group) => group.items);
  }

  const widthOf = (text) => Math.max(MARKER, 14 + 8 * text.length);

  /** Numbered markers. Each item has a `point`, `number`, `name`, `words` of its popup, and perhaps `pointOut(on)`. */
  function addMarkers(map, layer, items, { close }) {
    for (const [index, group] of grouped(map, items).entries()) {
      const text = group.length > 1 ? `${group[0].number} +${group.length - 1}` : group[0].number;
      const icon = L.divIcon({ className: "marker", iconSize: [widthOf(text), MARKER] });
      const marker = L.marker(group[0].point, { icon, zIndexOffset: 1000 - 10 * index });
      const { x, y } = map.getSize();
      marker.bindPopup(() => popup(group), { maxWidth: Math.min(280, x - 80), maxHeight: y - 90, autoPanPadding: [12, 12] });
      marker.addTo(layer);
      const element = marker.getElement();
      element.textContent = text;
      element.setAttribute("aria-label", group.map((item) => item.name).join(", "));
      const pointOut = (on) => { for (const item of group) item.pointOut?.(on); };
      for (const type of ["mouseenter", "focus"]) element.addEventListener(type, () => pointOut(true));
      for (const type of ["mouseleave", "blur"]) element.addEventListener(type, () => pointOut(false));
      // The keyboard goes into the popup (which the map pans into view itself) and, once it closes, back to its marker.
      marker.on("popupopen", ({ popup }) => {
        const button = popup.getElement().querySelector(".leaflet-popup-close-button");
        button.setAttribute("aria-label", close);
        (popup.getElement().querySelector("p a") ?? button).focus({ preventScroll: true });
      });
      marker.on("popupclose", ({ popup }) => { if (popup.getElement().contains(document.activeElement)) element.focus(); });
    }
  }

  function popup(items) {
    const box = document.createElement("div");
    for (const item of items) {
      const line = document.createElement("p");
      line.append(...item.words());
      box.append(line);
    }
    return box;
  }

  return { load, make, addMarkers };
})();
