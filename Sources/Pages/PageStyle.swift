/// The page's style sheet: light, dark on screens that ask for it, light again on paper.
public enum PageStyle {
  /// The rules.
  public static let text = """
    :root{--paper:#fff;--panel:#f6f7f8;--ink:#1d2125;--soft:#5d656d;--rule:#dfe3e6;--good:#0072b2;
    --bad:#b34700;--blue:0,114,178;--orange:213,94,0}
    @media screen and (prefers-color-scheme:dark){:root{--paper:#15181b;--panel:#1d2125;--ink:#e4e7ea;
    --soft:#a0a8b0;--rule:#33393f;--good:#4aa8e8;--bad:#f28a4c;--blue:74,168,232;--orange:242,138,76}
    \(ChartColour.darkRules)}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);
    font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",sans-serif}
    main{max-width:1200px;margin:0 auto;padding:32px 28px 48px}
    .title{font-size:15px;font-weight:600;color:var(--soft);margin:0}
    h1{font-size:32px;line-height:1.2;font-weight:650;letter-spacing:-.01em;margin:.25em 0 .15em}
    .caution,.note,.about{color:var(--soft);margin:0}
    h2{font-size:19px;font-weight:650;margin:40px 0 12px;padding-top:14px;border-top:1px solid var(--rule)}
    h3{font-size:14px;font-weight:600;margin:0}
    .tiles{display:grid;grid-template-columns:repeat(6,1fr);gap:12px;margin:26px 0 0}
    .tile{background:var(--panel);border-radius:8px;padding:12px 14px}
    .tile b{display:block;font-size:22px;font-weight:650;font-variant-numeric:tabular-nums;line-height:1.3;
    white-space:nowrap}
    .tile span{display:block;font-size:12.5px;line-height:1.35;color:var(--soft)}
    .good b{color:var(--good)}.bad b{color:var(--bad)}
    .pair{display:grid;grid-template-columns:1fr 1fr;gap:22px 32px;margin-bottom:22px}
    .pair>*{min-width:0}
    figure{margin:0;break-inside:avoid}
    .key{font-size:12.5px;color:var(--soft);display:flex;flex-wrap:wrap;gap:0 12px}
    .key i{display:inline-block;width:14px;height:3px;border-radius:2px;margin-right:5px;
    vertical-align:middle}
    .chart svg{display:block;width:100%;height:auto}
    .chart text,.chart tspan{font-family:inherit}
    .gridline{stroke-dasharray:none}
    .plot{position:relative;height:200px;margin:10px 10px 30px 46px;outline-offset:6px}
    .plot.tall{height:340px;margin-top:20px}.plot svg{position:absolute;inset:0;height:100%;overflow:visible}
    .plot path{vector-effect:non-scaling-stroke;stroke-linejoin:round}.plot path:not([fill]){fill:none}
    .plot path.shade{fill:var(--ink);fill-opacity:.08}
    .plot i{position:absolute;font-style:normal;font-size:12px;line-height:1;color:var(--soft);white-space:nowrap}
    .plot .y{right:100%;margin-right:7px;transform:translateY(50%)}
    .plot .x{top:100%;margin-top:8px;transform:translateX(-50%)}
    .plot .s{bottom:100%;font-size:11px;transform:translateX(-50%)}
    .plot>b{position:absolute;top:0;bottom:0;width:1px;background:var(--soft);pointer-events:none}
    .tip{position:absolute;z-index:9;pointer-events:none;background:var(--panel);border:1px solid var(--rule);
    border-radius:6px;padding:6px 9px;font-size:12.5px;font-variant-numeric:tabular-nums}
    .tip i{display:inline-block;width:12px;height:3px;margin-right:6px;vertical-align:middle}
    h3 small{font-weight:400;color:var(--soft);font-size:12.5px}
    .seen{font-size:12.5px;color:var(--soft);margin:4px 0 0}
    .scroll{overflow-x:auto;break-inside:avoid}
    table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
    caption{text-align:left;font-size:14px;font-weight:600;padding:0 0 6px}
    caption small{font-weight:400;color:var(--soft);font-size:12.5px}
    th,td{padding:4px 6px;text-align:right;white-space:nowrap}
    th:first-child{text-align:left;padding-left:0}
    thead th{font-weight:500;color:var(--soft);border-bottom:1px solid var(--rule);vertical-align:bottom;
    white-space:normal;line-height:1.25}
    tbody th{font-weight:400}
    tbody td,tbody th{border-bottom:1px solid var(--rule)}
    .heat td{text-align:center;padding:4px 5px;border-bottom-color:var(--paper);
    border-right:1px solid var(--paper);print-color-adjust:exact;-webkit-print-color-adjust:exact}
    .heat thead th{text-align:center}.heat thead th:first-child{text-align:left}
    .heat td:last-child{font-weight:600}
    .wide{margin-bottom:24px}
    .freeze th:first-child{position:sticky;left:0;background:var(--paper);padding-right:10px}
    .words td{text-align:left;white-space:normal;overflow-wrap:anywhere}
    .about{font-size:13px}.about p{margin:.4em 0;max-width:80ch}
    @media(max-width:900px){.pair{grid-template-columns:1fr}.tiles{grid-template-columns:repeat(3,1fr)}
    main{padding:20px 16px}h1{font-size:25px}}
    @media(max-width:480px){.tiles{grid-template-columns:1fr 1fr}.plot .odd{display:none}.plot.tall{height:260px}}
    @page{size:A4;margin:12mm}
    @media print{body{font-size:11px}.title{font-size:11px}main{padding:0;max-width:none}h1{font-size:22px}
    h2{font-size:14px;margin:12px 0 6px;padding-top:8px;break-after:avoid}.tile{border:1px solid var(--rule)}
    .tile b{font-size:15px}.tiles{gap:6px;grid-template-columns:repeat(6,1fr)}.pair{gap:8px 18px;margin-bottom:8px;
    grid-template-columns:1fr 1fr}table{font-size:8.5px}th,td{padding:2px 3px}.key,.tile span{font-size:9px}
    .key i{print-color-adjust:exact;-webkit-print-color-adjust:exact}h3,caption{font-size:11px}
    caption small{font-size:9px}.about{font-size:9px}.about p{max-width:none}.wide{margin-bottom:8px}}
    """
}
