package com.centrovision.sync.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The system's Chromium, as one person uses it. */
public final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path PICTURES = Path.of("target/screenshots");

    /** It misses debugging protocols that nobody here uses. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    public static boolean isInstalled() {
        return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    }

    public static Browser open() {
        SELENIUM.setLevel(Level.SEVERE);
        var log = new LoggingPreferences();
        log.enable(LogType.BROWSER, Level.ALL);
        var options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.setCapability(ChromeOptions.LOGGING_PREFS, log);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-proxy-server",
                "--window-size=1280,1000");
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .withSilent(true)
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    public void visit(String address) {
        driver.get(address);
    }

    public void size(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
    }

    public WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    public String text(String selector) {
        return find(selector).getText();
    }

    /** Waits, for as long as a busy machine may take. Where it never comes, what was there instead is told. */
    public void await(String selector, String text) {
        var seen = new LinkedHashSet<String>();
        new WebDriverWait(driver, Duration.ofSeconds(60))
                .withMessage(() -> selector + " never shows " + text + " but " + seen + "; complaints " + complaints())
                .until(page -> {
                    var shown = shown(selector);
                    seen.add(shown);
                    return shown.contains(text);
                });
    }

    public void click(String selector) {
        new WebDriverWait(driver, Duration.ofSeconds(60))
                .ignoring(WebDriverException.class)
                .until(page -> {
                    find(selector).click();
                    return true;
                });
    }

    /** On what shows this text and no more. */
    public void clickOn(String text) {
        new WebDriverWait(driver, Duration.ofSeconds(60))
                .ignoring(WebDriverException.class)
                .withMessage(() -> "nothing shows " + text)
                .until(page -> {
                    driver.findElement(By.xpath("//*[normalize-space(text())='" + text + "']"))
                            .click();
                    return true;
                });
    }

    /** As a person who was never here before, at a desk. */
    public void forget() {
        var here = page();
        for (var page : driver.getWindowHandles()) {
            if (!page.equals(here)) {
                switchTo(page);
                backTo(here);
            }
        }
        driver.get("about:blank");
        driver.manage().deleteAllCookies();
        size(1280, 1000);
        complaints();
    }

    /** In an empty field. */
    public void write(String selector, String text) {
        find(selector).clear();
        find(selector).sendKeys(text);
    }

    /** A key where the keyboard is on this. */
    public void press(String selector, Keys key) {
        new WebDriverWait(driver, Duration.ofSeconds(60))
                .ignoring(WebDriverException.class)
                .until(page -> {
                    find(selector).sendKeys(key);
                    return true;
                });
    }

    /** A key wherever the keyboard is. */
    public void type(Keys key) {
        driver.switchTo().activeElement().sendKeys(key);
    }

    /** Waits until this is true on the page. */
    public void awaitTrue(String condition) {
        new WebDriverWait(driver, Duration.ofSeconds(60))
                .withMessage(() -> condition + " in:\n" + text("body"))
                .until(page -> run("return Boolean(" + condition + ")").equals(true));
    }

    /** Opens another page beside this one and goes there; returns where it was. */
    public String leaveFor(String address) {
        var here = driver.getWindowHandle();
        driver.switchTo().newWindow(WindowType.TAB);
        driver.get(address);
        return here;
    }

    /** Closes this page and goes back to another one. */
    public void backTo(String page) {
        driver.close();
        driver.switchTo().window(page);
    }

    public void switchTo(String page) {
        driver.switchTo().window(page);
    }

    public String page() {
        return driver.getWindowHandle();
    }

    /** As a module's code, which may wait; returns what it returns. */
    public Object runAsync(String script) {
        return ((JavascriptExecutor) driver)
                .executeAsyncScript("const done = arguments[arguments.length - 1]; (async () => {" + script
                        + "})().then(done, failure => done('failed: ' + failure));");
    }

    public Object run(String script) {
        return ((JavascriptExecutor) driver).executeScript(script);
    }

    public void assertAccessible() {
        assertEquals(
                List.of(),
                new AxeBuilder()
                        .analyze(driver).getViolations().stream()
                                .map(rule -> rule.getId() + " " + rule.getNodes())
                                .toList());
    }

    /** What the browser complained of since it was asked last. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(entry -> entry.getMessage())
                .toList();
    }

    /** Keeps a picture among what the build leaves. */
    public void picture(String name) {
        try {
            Files.createDirectories(PICTURES);
            Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private String shown(String selector) {
        try {
            return text(selector);
        } catch (WebDriverException gone) {
            return "nothing";
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
