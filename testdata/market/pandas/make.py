"""Writes the tables of this folder: awkward days, and what pandas, NumPy and SciPy make of them.

    python3 make.py        (pandas 3.0, NumPy 2.4, SciPy 1.17)
"""
import numpy as np, pandas as pd
from scipy import stats

fields = ["A", "B", "C", "D", "E", "LABEL0"]
row = np.dtype([("instrument", "S16"), ("date", "<M8[D]")] + [(f, "<f4") for f in fields])
random = np.random.default_rng(20150105)


def day(number, rows):
    t = np.zeros(rows, row)
    t["instrument"] = [f"I{i:03}" for i in range(rows)]
    t["date"] = np.datetime64("2015-01-05") + number
    t["A"] = random.standard_t(2, rows)  # heavy tails
    t["B"] = random.integers(-3, 4, rows)  # ties
    t["C"] = 1e6 + random.normal(size=rows)  # far from 0
    t["D"] = 7.25 if number % 2 else random.normal(size=rows) * 1e-20  # constant on odd days
    t["E"] = np.exp(5 * random.normal(size=rows))  # skewed
    t["LABEL0"] = 0.1 * t["B"] + random.normal(size=rows)
    t["LABEL0"] = np.round(t["LABEL0"], 1)  # ties
    for f in fields:
        t[f][random.random(rows) < 0.07] = np.nan
    if number % 3 == 1 and rows:
        t["A"][random.integers(rows)] = np.inf
        t["E"][random.integers(rows)] = -np.inf
    if number % 4 == 2:
        t["B"][random.random(rows) < 0.3] = -0.0
    if number == 7:
        t["LABEL0"] = np.nan
    if number == 8:
        t["A"] = np.nan
    return t


days = [day(i, n) for i, n in enumerate([40, 1, 33, 2, 27, 3, 64, 20, 31, 5, 90, 12])]


def write(name, arrays):
    with open(name, "wb") as stream:
        for array in arrays:
            np.lib.format.write_array(stream, np.ascontiguousarray(array), version=(1, 0))


write("days.npy", days)

# RobustZScoreNorm of the features, fitted on days 2 to 9, both included: all in float32.
scaled = [d.copy() for d in days]
for f in fields[:-1]:
    values = np.concatenate([d[f] for d in days[2:10]])
    center = np.nanmedian(values)
    scale = (np.nanmedian(np.abs(values - center)) + np.float32(1e-12)) * np.float32(1.4826)
    for d in scaled:
        d[f] = np.clip((d[f] - center) / scale, -3, 3)
write("scaled.npy", scaled)

# Fillna of the features, DropnaLabel, CSRankNorm of B and the label.
filled = [d.copy() for d in days]
for d in filled:
    for f in fields[:-1]:
        d[f] = pd.Series(d[f]).fillna(0)
write("filled.npy", filled)
dropped = [d[~np.isnan(d["LABEL0"])] for d in days]
write("dropped.npy", dropped)
wide = np.dtype([(n, "<f8" if n in ("B", "LABEL0") else row[n]) for n in row.names])
ranked = [d.astype(wide) for d in days]
for d in ranked:
    for f in ("B", "LABEL0"):
        d[f] = (pd.Series(d[f]).rank(pct=True) - 0.5) * 3.46
write("ranked.npy", ranked)

# describe --label LABEL0: of finite values; the correlations by pandas and by SciPy.
shares = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]
names = ["count", "nan", "inf", "mean", "std"] + [f"q{i}" for i in range(9)]
names += ["ic", "icir", "rank_ic", "rank_icir", "days"]
summary = np.zeros(len(fields), [("field", "S8")] + [(n, "<f8") for n in names])
for line, f in zip(summary, fields):
    values = np.concatenate([d[f] for d in days]).astype(float)
    finite = values[np.isfinite(values)]
    line["field"], line["count"] = f, len(finite)
    line["nan"], line["inf"] = np.isnan(values).sum(), np.isinf(values).sum()
    line["mean"], line["std"] = finite.mean(), finite.std(ddof=1)
    for i, q in enumerate(np.quantile(finite, shares)):
        line[f"q{i}"] = q
    daily = {"pearson": [], "spearman": []}
    for d in days:
        frame = pd.DataFrame({"x": d[f].astype(float), "y": d["LABEL0"].astype(float)})
        frame = frame.replace([np.inf, -np.inf], np.nan)
        for method, list_ in daily.items():
            list_.append(frame["x"].corr(frame["y"], method=method))
        both = frame.dropna()
        if len(both) > 1 and both["x"].nunique() > 1 and both["y"].nunique() > 1:
            assert abs(stats.pearsonr(both["x"], both["y"])[0] - daily["pearson"][-1]) < 1e-12
            assert abs(stats.spearmanr(both["x"], both["y"])[0] - daily["spearman"][-1]) < 1e-12
        else:
            assert np.isnan(daily["pearson"][-1]), (f, daily["pearson"][-1])
    for name, method in (("ic", "pearson"), ("rank_ic", "spearman")):
        found = pd.Series(daily[method])
        line[name] = found.mean()
        line[name.replace("ic", "icir")] = found.mean() / found.std()
        line["days"] = found.notna().sum()
write("summary.npy", [summary])
print(pd.DataFrame(summary).T.to_string())

# Alpha360 of three instruments, of which one is listed late and all miss days, on the last two days:
# the 60 last values over today's close, or over today's volume + 1e-12, all in float32.
prices = ["open", "high", "low", "close", "volume", "vwap"]
bar = np.dtype([("instrument", "S16"), ("date", "<M8[D]")] + [(p, "<f4") for p in prices])
bars = np.zeros((75, 3), bar)
bars["instrument"] = ["A", "B", "C"]
bars["date"] = (np.datetime64("2015-01-05") + np.arange(75))[:, None]
for p in prices:
    bars[p] = np.exp(random.normal(size=(75, 3))) * (1e5 if p == "volume" else 10)
missing = random.random((75, 3)) < 0.1
missing[-2:] = [[False, False, False], [False, True, False]]
missing[:40, 2] = True  # C has no rows there
for p in prices:
    bars[p][missing] = np.nan
bars["volume"][-1, 0] = 0
write("bars.npy", [day if i >= 40 else day[:2] for i, day in enumerate(bars)])
rows = []
with np.errstate(invalid="ignore"):
    for today in (73, 74):
        for i in range(3):
            now, row360 = bars[today, i], []
            for p in ["close", "open", "high", "low", "vwap", "volume"]:
                by = now["close"] if p != "volume" else now["volume"] + np.float32(1e-12)
                row360 += [bars[today - lag, i][p] / by for lag in range(59, -1, -1)]
            rows.append(row360)
write("alpha360.npy", [np.array(rows, "<f4")])
