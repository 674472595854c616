using System.Security.Claims;
using FederatedOrleans.Runs;
using Microsoft.AspNetCore.Antiforgery;

namespace FederatedOrleans.Operators;

/// <summary>The page of the federation with one run opened; the script fills in and keeps up to date what changes.</summary>
internal static class RunPage
{
    /// <summary>The page with a run opened, or with none where there is none yet.</summary>
    public static HtmlText Of(FederationSnapshot federation, RunSummary? run, ClaimsPrincipal user, AntiforgeryTokenSet tokens) =>
        PageFrame.Of(run?.PlanName ?? "Runs", PageFrame.Script, HtmlText.Of($"""
            <body data-run="{run?.Run}">
            <a class="skip" href="#main">Skip to the run</a>
            <header class="bar">
              <a class="brand" href="/">FederatedOrleans</a>
              <span id="live" class="live" role="status" data-state="connecting">Connecting</span>
              <nav aria-label="Pages"><a href="/" aria-current="page">Runs</a><a href="/dashboard/">Cluster dashboard</a></nav>
              <form method="post" action="/logout">
                {PageFrame.Antiforgery(tokens)}
                <span class="who">{user.FindFirst(OperatorPolicies.SubjectClaim)?.Value}, {user.FindFirst(OperatorPolicies.RoleClaim)?.Value}</span>
                <button>Log out</button>
              </form>
            </header>
            <div class="layout">
            <aside>
              <section aria-labelledby="runs-title">
                <h2 id="runs-title">Runs</h2>
                <ul id="runs" class="runs">{HtmlText.Join(federation.Runs.Select(Row))}</ul>
                <p id="no-runs" class="hint"{Hidden(federation.Runs.Length > 0)}>No runs yet. A researcher submits the first one.</p>
              </section>
              <section aria-labelledby="hospitals-title">
                <h2 id="hospitals-title">Hospitals <span id="attending" class="count"></span></h2>
                <ul id="hospitals" class="hospitals"></ul>
                <p id="no-hospitals" class="hint"{Hidden(federation.Hospitals.Length > 0)}>No hospital has been invited yet.</p>
              </section>
            </aside>
            <main id="main">{(run is null ? Nothing : Detail(run))}
            </main>
            </div>
            <noscript><p class="fault">This page needs its script to show rounds, metrics and live updates.</p></noscript>
            </body>
            """));

    private static HtmlText Nothing { get; } = new("""

        <div class="card empty"><h1>Nothing has been run yet</h1><p class="hint">The first run opens here by itself.</p></div>
        """);

    private static HtmlText Hidden(bool hidden) => new(hidden ? " hidden" : "");

    private static HtmlText Row(RunSummary run) => HtmlText.Of($"<li><a href=\"/runs/{run.Run}\">{run.PlanName}</a></li>");

    private static HtmlText Detail(RunSummary run) => HtmlText.Of($"""

        <section class="head" aria-labelledby="run-title">
          <h1 id="run-title">{run.PlanName} <span id="run-status" class="pill"></span></h1>
          <p id="run-reason" class="reason" hidden></p>
          <p id="run-why" class="line" role="status" hidden></p>
          <p id="run-closed" class="line" hidden></p>
          <div class="progress"><progress id="run-progress" max="{run.Rounds}" value="{run.CommittedRounds}" aria-labelledby="run-rounds"></progress>
            <span id="run-rounds">{run.CommittedRounds} of {run.Rounds} rounds committed</span></div>
          <dl class="facts">
            <div><dt>Run</dt><dd><code>{run.Run}</code></dd></div>
            <div><dt>Submitted by</dt><dd>{run.SubmittedBy}</dd></div>
            <div><dt>Submitted</dt><dd><time id="run-submitted"></time></dd></div>
            <div><dt>Plan</dt><dd><code title="{run.PlanDigest.Hex}">{run.PlanDigest.Short}</code></dd></div>
          </dl>
        </section>
        {Sections}
        """);

    private static HtmlText Sections { get; } = new("""
        <section class="card" id="round" aria-labelledby="round-title">
          <h2 id="round-title">Current round</h2>
          <p id="round-none" class="hint">No round is under way.</p>
          <div id="round-body" hidden>
            <ol id="phases" class="phases" aria-label="Phases"></ol>
            <p id="round-facts" class="line"></p>
            <div class="scroll"><table>
              <thead><tr><th scope="col">Hospital</th><th scope="col">State</th><th scope="col">Steps</th><th scope="col">What it does</th></tr></thead>
              <tbody id="round-hospitals"></tbody>
            </table></div>
          </div>
        </section>
        <section class="card" aria-labelledby="curve-title">
          <div class="title"><h2 id="curve-title">Metric by round</h2>
            <fieldset id="metric" class="switch"><legend class="unseen">Metric</legend>
              <label><input type="radio" name="metric" value="accuracy" checked><span>Accuracy</span></label>
              <label><input type="radio" name="metric" value="auc"><span>AUC</span></label>
            </fieldset></div>
          <p id="curve-none" class="hint">No hospital has evaluated a committed model yet.</p>
          <div id="curve-body" hidden>
            <div id="curve" class="curve"></div>
            <p id="readout" class="readout"></p>
            <fieldset id="legend" class="legend"><legend class="unseen">Hospitals shown</legend></fieldset>
          </div>
        </section>
        <section class="card" aria-labelledby="latest-title">
          <h2 id="latest-title">Latest model</h2>
          <p id="latest-none" class="hint">No model has been committed yet.</p>
          <div id="latest-body" hidden>
            <p id="latest-facts" class="line"></p>
            <div class="scroll"><table class="numbers">
              <thead><tr id="latest-head"><th scope="col">Hospital</th><th scope="col">Test rows</th></tr></thead>
              <tbody id="latest-rows"></tbody>
              <tfoot id="latest-mean"></tfoot>
            </table></div>
            <ul id="left-out" class="left-out"></ul>
          </div>
        </section>
        <section class="card" aria-labelledby="log-title">
          <h2 id="log-title">Events</h2>
          <ol id="log" class="log" reversed></ol>
        </section>
        """);
}
