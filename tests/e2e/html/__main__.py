"""Writes reports about hostile names, opens them in Chromium, and tells what it did."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

from browser import Browser

ROOT = pathlib.Path(__file__).resolve().parents[3]
IMAGES = ROOT / "fixtures" / "images"
OWNED = "window.owned=1"
HOSTILE = [
    f"https://cdn.example.com/\"><script>{OWNED}</script>.png",
    f"http://h.example/'><img src=x onerror={OWNED}>.png",
    f"https://h.example/--><svg onload={OWNED}>",
    f"https://h.example/</style><script>{OWNED}</script>",
    f"javascript:{OWNED}",
    "https://h.example/<img src=https://evil.example/leak.png>",
    "https://10.0.0.1/<iframe src=https://evil.example/>",
    "https://signed.example.com/a.png?X-Amz-Signature=canary",
]
failed = []


def count(name, passed, detail=""):
    """Tells how one case went."""
    print("ok" if passed else "FAILED", name, "" if passed else detail)
    if not passed:
        failed.append(name)


def write(binary, folder):
    """Writes a report of `check`, one of `body` and one of `fix` about hostile names."""
    names = [f"a'\"><img src=x onerror={OWNED}>.jpg", "large #1?.jpg", "wide.png", "still.gif"]
    shutil.copy(IMAGES / "1170x2532.jpg", folder / names[0].replace("/", "_"))
    padding = b"\0" * 70_000
    (folder / names[1]).write_bytes((IMAGES / "photo.jpg").read_bytes() + padding)
    shutil.copy(IMAGES / "2400x1000.png", folder / names[2])
    shutil.copy(IMAGES / "still.gif", folder / names[3])
    (folder / "list.txt").write_text("\n".join(HOSTILE + [f"./{name}" for name in names]) + "\n")
    (folder / "body.json").write_text(
        '{"model": "gen4_turbo", "promptImage": "http://h.example/<img src=x onerror=window.owned=1>", "ratio": "<b>"}'
    )
    (folder / "out").mkdir()
    run = lambda *words: subprocess.run([binary, *words], cwd=folder, capture_output=True, check=False)
    run("check", "--offline", "--model", "gen4_turbo", "-f", "html", "-o", "out/check.html", "@list.txt")
    run("body", "--offline", "--endpoint", "image_to_video", "-f", "html", "-o", "out/body.html", "body.json")
    run("fix", "--model", "gen4_turbo", "--crop", "--output-dir", "out", "--report", "html=out/fix.html", "wide.png", "still.gif")
    run("fix", "--model", "gen4_turbo", "--pad=blur", "--dry-run", "--output-dir", "dry", "--report", "html=out/plan.html", "wide.png")
    return ["check.html", "body.html", "fix.html", "plan.html"]


FILTER = """
const [name, value] = arguments;
const select = document.querySelector(`select[name=${name}]`);
select.value = value;
select.dispatchEvent(new Event("change", {bubbles: true}));
return Array.from(document.querySelectorAll("article:not([hidden])")).map((one) => one.dataset[name] || "");
"""


def check_page(browser, folder, name):
    """Opens one page, and expects that it does nothing but show itself."""
    browser.open((folder / "out" / name).as_uri())
    browser.run("for (const image of document.images) image.loading = 'eager'; window.scrollTo(0, 9e9);")
    browser.wait("return Array.from(document.images).every((image) => image.complete)")
    count(f"{name}: nothing runs", browser.run("return window.owned === undefined"))
    count(f"{name}: no element from outside", browser.run("return document.querySelectorAll('iframe, img[onerror], svg[onload], body script:not(:last-child)').length === 0"))
    broken = browser.run("return Array.from(document.images).filter((image) => image.naturalWidth === 0).map((image) => image.src)")
    count(f"{name}: every picture is shown", broken == [], broken)
    base = (folder).as_uri()
    foreign = [url for url in browser.requests() if not url.startswith(("data:", base))]
    count(f"{name}: no request leaves it", foreign == [], foreign)
    problems = browser.console()
    count(f"{name}: the browser has no complaint", problems == [], problems)
    text = browser.run("return document.documentElement.outerHTML")
    count(f"{name}: no secret", "canary" not in text)


def check_filters(browser, folder):
    """Chooses values of the filters, and expects the assets that have them."""
    browser.open((folder / "out" / "check.html").as_uri())
    all_of_them = browser.run("return document.querySelectorAll('article').length")
    count("every asset is shown", all_of_them == len(HOSTILE) + 4, all_of_them)
    count("the filters are shown", browser.run("return !document.getElementById('filter').hidden"))
    for name in ["verdict", "code", "host"]:
        values = browser.run(f"return Array.from(document.querySelector('select[name={name}]').options).map((one) => one.value)")
        count(f"the filter {name} has values", len(values) > 2, values)
        for value in values[1:]:
            shown = browser.run(FILTER, name, value)
            fits = 0 < len(shown) < all_of_them and all(value in one.split(" ") for one in shown)
            count(f"the filter {name} shows {value}", fits, shown)
        browser.run(FILTER, name, "")
    browser.run(FILTER, "verdict", "rejected")
    count("the number is told", " of " in browser.run("return document.querySelector('output').value"))
    browser.run("document.querySelector('button').click()")
    browser.wait("return document.querySelectorAll('article[hidden]').length === 0")
    count("the filters are reset", browser.run("return document.querySelectorAll('article[hidden]').length === 0"))


def check_without_script(binary, folder):
    """Opens a page with scripts forbidden: it is a plain list."""
    with Browser(scripts=False) as browser:
        browser.open((folder / "out" / "check.html").as_uri())
        shown = browser.visible("article")
        count("without script every asset is shown", shown == len(HOSTILE) + 4, shown)
        count("without script no filter is shown", browser.visible("form") == 0)


def take_pictures(browser, folder, names, pictures):
    """Takes a picture of each page: light, dark, narrow and as it is printed."""
    pictures.mkdir(parents=True, exist_ok=True)
    for name in names:
        stem = name.removesuffix(".html")
        for look, width, scheme, media in [
            ("light", 1200, "light", "screen"), ("dark", 1200, "dark", "screen"),
            ("narrow", 420, "light", "screen"), ("print", 800, "light", "print"),
        ]:
            browser.emulate(width, scheme, media)
            browser.open((folder / "out" / name).as_uri())
            (pictures / f"{stem}-{look}.png").write_bytes(browser.picture())
            print("wrote", pictures / f"{stem}-{look}.png")


def main():
    binary = sys.argv[1]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        names = write(binary, folder)
        with Browser() as browser:
            for page in names:
                check_page(browser, folder, page)
            check_filters(browser, folder)
            if len(sys.argv) > 2:
                take_pictures(browser, folder, names, pathlib.Path(sys.argv[2]))
        check_without_script(binary, folder)
    print(f"{len(failed)} failed")
    sys.exit(1 if failed else 0)


main()
