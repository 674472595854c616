"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const run = document.body.dataset.run;
  const svgNs = "http://www.w3.org/2000/svg";
  const maxVersions = 1000, pageOfVersions = 200, maxLog = 200, palette = 8;
  const phases = [["selecting", "Selecting"], ["training", "Training"], ["closing", "Closing"], ["committing", "Committing"]];
  const statuses = { running: "Running", paused: "Paused", stopped: "Stopped", evaluating: "Evaluating", completed: "Completed", held: "Held back", damaged: "Damaged" };
  const states = { invited: "Invited", accepted: "Training", declined: "Declined", reported: "Reported", failed: "Failed" };
  const tones = {
    hospitalDeclined: "warn", hospitalFailed: "bad", hospitalLost: "bad", hospitalBack: "good", roundCommitted: "good",
    roundAbandoned: "bad", epochBegan: "warn",
  };
  let clockSkew = 0;

  // ---- Small helpers. Text from outside goes into text nodes and attributes only, never into markup.
  function el(name, attributes, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes ?? {})) {
      if (value !== undefined && value !== null && value !== false) node.setAttribute(key, value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }
  function svg(name, attributes, text) {
    const node = document.createElementNS(svgNs, name);
    for (const [key, value] of Object.entries(attributes ?? {})) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    return node;
  }
  function keyed(list, items, keyOf, fill) {
    const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
    items.forEach((item, index) => {
      const key = keyOf(item);
      let node = old.get(key);
      old.delete(key);
      node = fill(item, node);
      node.dataset.key = key;
      if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
    });
    old.forEach((node) => node.remove());
    while (list.children.length > items.length) list.lastChild.remove();
  }
  const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };
  const show = (id, shown) => { $(id).hidden = !shown; };
  const number = (value) => typeof value === "number" && Number.isFinite(value);
  const fixed = (value, digits = 3) => number(value) ? value.toFixed(digits) : value === null || value === undefined ? "-" : String(value);
  const count = (value) => number(value) ? value.toLocaleString("en-GB") : "-";
  const two = (value) => String(value).padStart(2, "0");
  const now = () => Date.now() + clockSkew;
  const clock = (text) => { const t = new Date(text); return `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`; };
  const moment = (text) => {
    const t = new Date(text);
    return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ${two(t.getHours())}:${two(t.getMinutes())}`;
  };
  const isTime = (text) => Boolean(text) && new Date(text).getFullYear() > 2000;
  function span(seconds) {
    const s = Math.max(0, Math.round(seconds));
    return s < 100 ? `${s} s` : s < 5400 ? `${Math.floor(s / 60)} min ${two(s % 60)} s` : s < 172800 ? `${Math.round(s / 3600)} h` : `${Math.round(s / 86400)} days`;
  }

  // ---- The list of runs and hospitals.
  function runRow(item, node) {
    if (!node?.querySelector(".name")) {
      const link = el("a", { href: `/runs/${encodeURIComponent(item.run)}`, title: item.run, "aria-current": item.run === run ? "page" : null },
        el("span", { class: "name" }, el("span"), el("span", { class: "pill" })), el("span", { class: "sub" }, el("span"), el("span")));
      node = el("li", {}, link);
    }
    const [name, pill, rounds, when] = node.querySelectorAll(".name > span, .sub > span");
    put(name, item.planName);
    put(pill, statuses[item.status] ?? item.status);
    pill.className = `pill ${item.status}`;
    put(rounds, `${item.committedRounds} of ${item.rounds} rounds`);
    put(when, moment(item.submittedAt));
    return node;
  }
  let hospitals = [];
  function hospitalRow(item, node) {
    node ??= el("li", {}, el("div", { class: "name" }, el("span", { class: "dot" }), el("span"), el("span", { class: "when" })), el("div", { class: "sub" }));
    const [dot, name, when] = node.querySelectorAll(".name > span");
    const enrolled = item.standing === "enrolled";
    dot.className = `dot ${enrolled ? item.attending ? "on" : "off" : ""}`;
    put(name, item.hospital);
    const seen = isTime(item.lastSeen) ? `seen ${span((now() - new Date(item.lastSeen)) / 1000)} ago` : "not seen yet";
    put(when, item.standing === "invited" ? "invited" : item.standing === "revoked" ? "revoked" : item.attending ? "connected" : seen);
    const parts = item.datasets.map((set) => `${set.name} (up to ${count(set.rowCountBucket)} rows)`);
    if (item.nodeVersion) parts.push(`node ${item.nodeVersion}`);
    if (item.availability) parts.push(item.isOpen ? "open now" : isTime(item.opensAt) ? `opens at ${moment(item.opensAt)}` : "closed");
    put(node.lastChild, parts.join(", "));
    node.lastChild.title = item.keyFingerprints.map((key) => `key ${key}`).join("\n");
    return node;
  }
  function showHospitals() {
    keyed($("hospitals"), hospitals, (item) => item.hospital, hospitalRow);
    const enrolled = hospitals.filter((item) => item.standing === "enrolled");
    put($("attending"), hospitals.length ? `${enrolled.filter((item) => item.attending).length} of ${enrolled.length} connected` : "");
    show("no-hospitals", hospitals.length === 0);
  }
  function onFederation(federation) {
    keyed($("runs"), federation.runs, (item) => item.run, runRow);
    show("no-runs", federation.runs.length === 0);
    hospitals = federation.hospitals;
    showHospitals();
    if (!run && federation.runs.length > 0) location.reload();
  }

  // ---- One run.
  let round = null, latest = null, doing = new Map();
  const versions = new Map();
  function onRun(view) {
    const { summary } = view;
    put($("run-status"), statuses[summary.status] ?? summary.status);
    $("run-status").className = `pill ${summary.status}`;
    put($("run-reason"), summary.reason ?? "");
    show("run-reason", Boolean(summary.reason));
    $("run-progress").max = summary.rounds;
    $("run-progress").value = summary.committedRounds;
    put($("run-rounds"), `${summary.committedRounds} of ${summary.rounds} rounds committed`);
    put($("run-submitted"), moment(summary.submittedAt));
    $("run-submitted").dateTime = summary.submittedAt;
    round = summary.status === "running" ? view.currentRound ?? null : null;
    showRound();
    if (view.latest) {
      latest = view.latest;
      merge([latest]);
      showLatest();
      fill(latest.manifest.round);
    }
  }
  function showRound() {
    show("round-none", !round);
    show("round-body", Boolean(round));
    put($("round-title"), !round ? "Current round" : round.round ? `Round ${round.round}` : "Statistics");
    if (!round) return;
    const broken = round.phase === "abandoning" || round.phase === "abandoned";
    const steps = broken ? [...phases.slice(0, 2), [round.phase, "Abandoned"]] : phases;
    const at = round.phase === "committed" ? steps.length : steps.findIndex(([key]) => key === round.phase);
    keyed($("phases"), steps, ([key]) => key, ([, name], node) => {
      node ??= el("li");
      const index = steps.findIndex((step) => step[1] === name);
      put(node, name);
      node.className = index === at ? broken ? "broken" : "now" : index < at ? "past" : "";
      if (index === at) node.setAttribute("aria-current", "step"); else node.removeAttribute("aria-current");
      return node;
    });
    keyed($("round-hospitals"), round.hospitals, (item) => item.hospital, roundRow);
    showRoundFacts();
  }
  function onWhy(why) {
    const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + ".";
    put($("run-why"), sentence(why.why));
    show("run-why", true);
    show("run-closed", Boolean(why.ifClosedNow));
    put($("run-closed"), why.ifClosedNow ? `Closed now, ${why.ifClosedNow}.` : "");
    doing = new Map(why.hospitals.map((item) => [item.hospital, item.doing]));
    showRound();
  }
  function roundRow(item, node) {
    node ??= el("tr", {}, el("th", { scope: "row" }), el("td", {}, el("span", { class: "state" }), el("span", { class: "lost" })),
      el("td", {}, el("span", { class: "steps" }, el("progress", { "aria-label": `Steps of ${item.hospital}` }), el("span"))), el("td"));
    const [name, state, steps, reason] = node.children;
    put(name, item.hospital);
    put(state.firstChild, item.status === "accepted" && round.phase === "selecting" ? "Accepted" : states[item.status] ?? item.status);
    state.firstChild.className = `state ${item.status}`;
    put(state.lastChild, item.lost ? "no contact" : "");
    const bar = steps.firstChild;
    bar.hidden = !(item.stepsTotal > 0);
    bar.firstChild.max = Math.max(1, item.stepsTotal);
    bar.firstChild.value = item.stepsDone;
    put(bar.lastChild, `${count(item.stepsDone)} / ${count(item.stepsTotal)}`);
    put(reason, doing.get(item.hospital) ?? item.reason ?? "");
    return node;
  }
  function showRoundFacts() {
    const reported = round.hospitals.filter((item) => item.status === "reported").length;
    const facts = [["Attempt", String(round.attempt)], ["Reported", `${reported} of ${round.goalCount} wanted, ${round.minimumReports} needed`]];
    if (isTime(round.phaseDeadline)) {
      const left = (new Date(round.phaseDeadline) - now()) / 1000;
      facts.push(["Deadline", left > 0 ? `${clock(round.phaseDeadline)}, in ${span(left)}` : `${clock(round.phaseDeadline)}, passed`]);
    }
    keyed($("round-facts"), facts, ([key]) => key, ([key, value], node) => {
      node ??= el("span", {}, `${key} `, el("b"));
      put(node.lastChild, value);
      return node;
    });
  }
  function showLatest() {
    const { manifest, evaluations } = latest;
    show("latest-none", false);
    show("latest-body", true);
    put($("latest-title"), `Latest model: version ${manifest.round}`);
    const weight = manifest.participants.reduce((sum, item) => sum + item.numExamples, 0);
    const facts = [["Digest", manifest.modelAfter], ["Committed", moment(manifest.committedAt)],
      ["Holds", `${manifest.participants.length} ${manifest.participants.length === 1 ? "update" : "updates"} from ${count(weight)} training rows`]];
    keyed($("latest-facts"), facts, ([key]) => key, ([key, value], node) => {
      node ??= el("span", {}, `${key} `, key === "Digest" ? el("code") : el("b"));
      put(node.lastChild, value);
      return node;
    });
    const all = evaluations.map((item) => item.metrics), columns = columnsOf(all);
    const cells = (m) => [count(m.numExamples), ...columns.map(([key]) => fixed(read(m, key)))];
    keyed($("latest-head"), [["", "Hospital"], ["", "Test rows"], ...columns], ([, name]) => name, ([, name], node) => node ?? el("th", { scope: "col" }, name));
    keyed($("latest-rows"), evaluations, (item) => item.hospital, (item, node) => {
      const texts = [item.hospital, ...cells(item.metrics)];
      node ??= el("tr", {}, el("th", { scope: "row" }), ...texts.slice(1).map(() => el("td")));
      texts.forEach((text, index) => put(node.children[index], text));
      return node;
    });
    const means = [count(all.reduce((sum, item) => sum + item.numExamples, 0)), ...columns.map(([key]) => fixed(average(all, key)))];
    keyed($("latest-mean"), all.length < 2 ? [] : [means], () => "mean", (texts, node) => {
      node ??= el("tr", {}, el("th", { scope: "row" }, "Mean of hospitals"), ...texts.map(() => el("td")));
      texts.forEach((text, index) => put(node.children[index + 1], text));
      return node;
    });
    keyed($("left-out"), manifest.leftOut, (item) => item.hospital, (item, node) => {
      node ??= el("li");
      put(node, `${item.hospital} was left out: ${item.reason}`);
      return node;
    });
  }
  // A numeric label has errors in place of the metrics of classes.
  const hasErrors = (metrics) => metrics.some((item) => item.regression);
  const columnsOf = (metrics) => hasErrors(metrics)
    ? [["rootMeanSquaredError", "Root mean squared error"], ["labelDeviation", "Label deviation"], ["meanAbsoluteError", "Mean absolute error"]]
    : [["accuracy", "Accuracy"], ["majorityRate", "Majority rate"], ["balancedAccuracy", "Balanced accuracy"], ["auc", "AUC"], ["f1", "F1"], ["logLoss", "Log-loss"],
      ["calibrationError", "Calibration error"]];
  const read = (item, key) => item && (item.regression ?? item)[key];
  const average = (metrics, key) => {
    const values = metrics.map((item) => read(item, key)).filter(number);
    return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
  };

  // ---- Events of the run.
  const log = new Map();
  function onEvents(events) {
    for (const item of events) {
      log.set(item.sequence, item);
      if (item.kind === "hospitalEvaluated" && item.metrics && item.hospital) {
        const version = versions.get(item.round);
        if (version) {
          version.evaluations = [...version.evaluations.filter((other) => other.hospital !== item.hospital),
            { hospital: item.hospital, metrics: item.metrics }].sort((a, b) => a.hospital < b.hospital ? -1 : 1);
        }
      }
    }
    const ordered = [...log.values()].sort((a, b) => b.sequence - a.sequence);
    ordered.slice(maxLog).forEach((item) => log.delete(item.sequence));
    keyed($("log"), ordered.slice(0, maxLog), (item) => String(item.sequence), (item, node) => node
      ?? el("li", {}, el("time", { datetime: item.at, title: moment(item.at) }, clock(item.at)), el("span", { class: tones[item.kind] }, item.text)));
    showCurve();
  }

  // ---- Versions for the curve.
  function merge(found) {
    for (const item of found) {
      const held = versions.get(item.manifest.round);
      if (!held || held.evaluations.length <= item.evaluations.length) versions.set(item.manifest.round, { evaluations: item.evaluations });
    }
    showCurve();
  }
  let filling = false;
  async function fill(upTo) {
    if (filling) return;
    filling = true;
    try {
      let from = Math.max(1, upTo - maxVersions + 1);
      while (from <= upTo && versions.has(from)) from++;
      while (from < upTo) {
        const answer = await fetch(`/api/runs/${encodeURIComponent(run)}/versions?from=${from}&count=${pageOfVersions}`, { credentials: "same-origin" });
        if (!answer.ok) return;
        const date = Date.parse(answer.headers.get("Date") ?? "");
        if (date && Math.abs(date - Date.now()) > 3000) clockSkew = date - Date.now();
        const found = await answer.json();
        if (found.length === 0) return;
        merge(found);
        from = found[found.length - 1].manifest.round + 1;
      }
    } catch { /* The next view asks again. */ } finally { filling = false; }
  }

  // ---- The curve.
  let metric = "accuracy", hovered = null, roundAt = null;
  const hidden = new Set();
  const baselines = { accuracy: ["majorityRate", "Majority rate"], rootMeanSquaredError: ["labelDeviation", "Label deviation"] };
  function curveData() {
    const rounds = [...versions.keys()].filter((key) => versions.get(key).evaluations.length > 0).sort((a, b) => a - b);
    const names = [...new Set(rounds.flatMap((key) => versions.get(key).evaluations.map((item) => item.hospital)))].sort();
    if (metric !== "rootMeanSquaredError" && rounds.some((key) => hasErrors(versions.get(key).evaluations.map((item) => item.metrics)))) {
      metric = "rootMeanSquaredError";
      show("metric", false);
    }
    const of = (key, pick) => average(versions.get(key).evaluations.map((item) => item.metrics), pick);
    const line = (pick) => rounds.map((key) => [key, pick(key)]).filter(([, value]) => number(value));
    return {
      rounds, names,
      mean: line((key) => of(key, metric)),
      majority: metric in baselines ? line((key) => of(key, baselines[metric][0])) : [],
      each: new Map(names.map((name) => [name, line((key) => read(versions.get(key).evaluations.find((item) => item.hospital === name)?.metrics, metric))])),
    };
  }
  function showCurve() {
    const data = curveData();
    show("curve-none", data.rounds.length === 0);
    show("curve-body", data.rounds.length > 0);
    if (data.rounds.length === 0) return;
    showLegend(data);
    draw(data);
  }
  function showLegend(data) {
    const fixedOnes = metric in baselines ? [["mean", "Mean of hospitals"], ["majority", baselines[metric][1]]] : [["mean", "Mean of hospitals"]];
    const items = [...fixedOnes.map(([key, name]) => ({ key: `:${key}`, name, tone: key })),
      ...data.names.map((name, index) => ({ key: name, name, tone: `h${index % palette}`, toggles: true }))];
    let box = $("legend").querySelector("div");
    if (!box) { box = el("div", { class: "legend" }); $("legend").append(box); }
    keyed(box, items, (item) => item.key, (item, node) => {
      if (node) return node;
      if (!item.toggles) return el("span", { class: "fixed" }, el("span", { class: `swatch ${item.tone}` }), item.name);
      const tick = el("input", { type: "checkbox", checked: "" });
      tick.addEventListener("change", () => {
        if (tick.checked) hidden.delete(item.name); else hidden.add(item.name);
        showCurve();
      });
      return el("label", {}, tick, el("span", { class: `swatch ${item.tone}` }), item.name);
    });
  }
  function draw(data) {
    const host = $("curve"), width = Math.max(280, host.clientWidth), height = 250;
    const box = { left: 40, right: width - 58, top: 12, bottom: height - 26 };
    const shown = data.names.filter((name) => !hidden.has(name));
    const values = [...data.mean, ...data.majority, ...shown.flatMap((name) => data.each.get(name))].map(([, value]) => value);
    const name = { accuracy: "Accuracy", auc: "AUC", rootMeanSquaredError: "Root mean squared error" }[metric];
    if (values.length === 0) { host.replaceChildren(el("p", { class: "hint" }, `No hospital has reported ${name} yet.`)); return; }
    const isShare = metric !== "rootMeanSquaredError";
    let low = Math.floor(Math.min(...values) * 20 - 0.2) / 20, high = Math.ceil(Math.max(...values) * 20 + 0.2) / 20;
    low = Math.max(0, low); high = isShare ? Math.min(1, Math.max(high, low + 0.1)) : Math.max(high, low + 0.1);
    const first = data.rounds[0], last = Math.max(data.rounds[data.rounds.length - 1], first + 1);
    const x = (value) => box.left + (value - first) / (last - first) * (box.right - box.left);
    const y = (value) => box.bottom - (value - low) / (high - low) * (box.bottom - box.top);
    const path = (points) => points.map(([at, value], index) => `${index ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join("");

    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": "curve-name curve-text" });
    const end = data.mean[data.mean.length - 1], start = data.mean[0];
    picture.append(svg("title", { id: "curve-name" }, `${name} by round`), svg("desc", { id: "curve-text" },
      start ? `Mean ${name} over hospitals went from ${fixed(start[1])} in round ${start[0]} to ${fixed(end[1])} in round ${end[0]}.`
        + (data.majority.length ? ` The ${baselines[metric][1].toLowerCase()} is ${fixed(data.majority[data.majority.length - 1][1])}.` : "") : ""));
    const decade = 10 ** Math.floor(Math.log10((high - low) / 6));
    const step = [1, 2, 5, 10].map((size) => size * decade).find((size) => (high - low) / size <= 6);
    for (let at = Math.ceil(low / step - 1e-9); at * step <= high + 1e-9; at++) {
      const value = at * step;
      picture.append(svg("line", { class: "grid", x1: box.left, x2: box.right, y1: y(value), y2: y(value) }),
        svg("text", { x: box.left - 6, y: y(value) + 4, "text-anchor": "end" }, value.toFixed(step < 1 ? 2 : 0)));
    }
    const ticks = Math.max(1, Math.ceil((last - first) / Math.max(2, Math.floor((box.right - box.left) / 60))));
    const pace = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((size) => size >= ticks) ?? ticks;
    for (let at = Math.ceil(first / pace) * pace; at <= last; at += pace) {
      picture.append(svg("text", { x: x(at), y: height - 8, "text-anchor": "middle" }, String(at)));
    }
    if (data.majority.length) picture.append(svg("path", { class: "majority", d: path(data.majority) }));
    const dots = (points, tone) => { if (points.length === 1) picture.append(svg("circle", { class: tone, cx: x(points[0][0]), cy: y(points[0][1]), r: 3 })); };
    for (const hospital of shown) {
      const tone = `h${data.names.indexOf(hospital) % palette}`, points = data.each.get(hospital);
      picture.append(svg("path", { class: tone, d: path(points), "data-hospital": hospital }));
      dots(points, tone);
    }
    if (end) {
      picture.append(svg("path", { class: "mean", d: path(data.mean) }), svg("circle", { class: "mean", cx: x(end[0]), cy: y(end[1]), r: 3.5 }),
        svg("text", { class: "mean", x: x(end[0]) + 8, y: y(end[1]) + 4 }, fixed(end[1])));
    }
    if (hovered !== null) {
      const at = data.rounds.reduce((best, key) => Math.abs(key - hovered) < Math.abs(best - hovered) ? key : best, data.rounds[0]);
      picture.append(svg("line", { class: "cross", x1: x(at), x2: x(at), y1: box.top, y2: box.bottom }));
      readOut(data, at, shown);
    } else {
      readOut(data, data.rounds[data.rounds.length - 1], shown);
    }
    roundAt = (left) => first + (left - box.left) / (box.right - box.left) * (last - first);
    host.replaceChildren(picture);
  }
  function readOut(data, at, shown) {
    const value = (points) => points.find(([key]) => key === at)?.[1];
    const parts = [`Round ${at}`, `mean ${fixed(value(data.mean))}`];
    if (data.majority.length) parts.push(`${baselines[metric][1].toLowerCase()} ${fixed(value(data.majority))}`);
    for (const name of shown) if (number(value(data.each.get(name)))) parts.push(`${name} ${fixed(value(data.each.get(name)))}`);
    put($("readout"), parts.join(", "));
  }

  // ---- The streams. A hidden page holds none.
  function live(state) {
    const node = $("live");
    node.dataset.state = state;
    put(node, { live: "Live", connecting: "Connecting", reconnecting: "Reconnecting", down: "No answer" }[state]);
  }
  const streams = [];
  function open(address, handlers) {
    let source = null, retry = 0, heard = 0;
    const handle = (work) => (event) => { heard = Date.now(); live("live"); work?.(event.data); };
    function start() {
      stop();
      heard = Date.now();
      source = new EventSource(address);
      for (const [name, work] of Object.entries(handlers)) source.addEventListener(name, handle((data) => work(JSON.parse(data))));
      source.addEventListener("heartbeat", handle());
      source.addEventListener("unavailable", () => { heard = Date.now(); live("down"); });
      source.addEventListener("error", () => {
        live("reconnecting");
        if (source?.readyState === EventSource.CLOSED) again();
      });
    }
    async function again() {
      stop();
      retry = setTimeout(start, 5000);
      try {
        const answer = await fetch("/api/runs", { credentials: "same-origin" });
        if (answer.status === 401) location.assign(`/login?returnUrl=${encodeURIComponent(location.pathname)}`);
      } catch { /* The centre is away; the timer tries again. */ }
    }
    function stop() { clearTimeout(retry); source?.close(); source = null; }
    streams.push({ start, stop, check: () => { if (source && Date.now() - heard > 60000) { live("reconnecting"); start(); } } });
  }
  open("/events", { federation: onFederation });
  if (run) open(`/runs/${encodeURIComponent(run)}/events`, { run: onRun, why: onWhy, events: onEvents });
  const follow = () => streams.forEach((stream) => document.hidden ? stream.stop() : stream.start());
  document.addEventListener("visibilitychange", follow);
  follow();

  setInterval(() => {
    streams.forEach((stream) => stream.check());
    if (round) showRoundFacts();
  }, 1000);
  setInterval(showHospitals, 10000);
  if (run) {
    document.querySelectorAll("input[name=metric]").forEach((input) => input.addEventListener("change", () => { metric = input.value; showCurve(); }));
    const curve = $("curve");
    const point = (event) => {
      if (!roundAt) return;
      hovered = roundAt(event.clientX - curve.getBoundingClientRect().left);
      requestAnimationFrame(showCurve);
    };
    curve.addEventListener("pointermove", point);
    curve.addEventListener("pointerdown", point);
    curve.addEventListener("pointerleave", () => { hovered = null; requestAnimationFrame(showCurve); });
    let width = 0;
    new ResizeObserver(() => {
      if (curve.clientWidth !== width) { width = curve.clientWidth; requestAnimationFrame(showCurve); }
    }).observe(curve);
  }
})();
