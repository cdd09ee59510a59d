using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>What kinds of things a page wants, in words.</summary>
internal static class ResourceNames
{
    /// <summary>'4 pictures, a style sheet and a script'.</summary>
    public static string Count(IEnumerable<Resource> resources, Language language)
    {
        var kinds = resources
            .GroupBy(static it => it.Kind)
            .OrderBy(static kind => kind.Key)
            .Select(kind => Count(kind.Key, kind.Count(), language))
            .ToList();
        if (language == Language.Korean)
            return string.Join(", ", kinds);
        return kinds.Count == 1 ? kinds[0] : $"{string.Join(", ", kinds.SkipLast(1))} and {kinds[^1]}";
    }

    /// <summary>'a picture', '8 other files': where there is no room for more.</summary>
    public static string Short(IReadOnlyList<Resource> resources, Voice voice) =>
        resources.All(static it => it.Kind == ResourceKind.Picture) ? Count(resources, voice.Language)
        : resources.Count == 1 ? voice.Word("another file", "다른 파일 1개")
        : voice.Word($"{resources.Count} other files", $"다른 파일 {resources.Count}개");

    private static string Count(ResourceKind kind, int count, Language language)
    {
        var (one, many, korean) = kind switch
        {
            ResourceKind.Picture => ("a picture", "pictures", "그림"),
            ResourceKind.Stylesheet => ("a style sheet", "style sheets", "스타일 시트"),
            ResourceKind.Script => ("a script", "scripts", "스크립트"),
            ResourceKind.Frame => ("a page within the page", "pages within the page", "페이지 안의 페이지"),
            ResourceKind.Font => ("a font", "fonts", "글꼴"),
            ResourceKind.Icon => ("an icon", "icons", "아이콘"),
            _ => ("another file", "other files", "다른 파일"),
        };
        return language == Language.Korean ? $"{korean} {count}개"
            : count == 1 ? one
            : $"{count} {many}";
    }
}
